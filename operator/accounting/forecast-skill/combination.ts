import type { IntensitySample } from '../../domain/intensity.ts';
import type { ExpectedError } from '../../domain/site.ts';
import { gramsPerKilowattHour, HOUR_MS, type EpochMs, type GramsPerKilowattHour } from '../../domain/units.ts';
import { hourOf, startOfHour, type HourOfTime } from './hourly-figures.ts';
import type { Persisting } from './persistence.ts';
import { LEAST_HOURS, skillOf, usualLevel, type Accuracy, type Skill } from './skill.ts';
import type { Verification } from './verification.ts';

/** A forecast beside what persistence says now, and how good both have been. */
export interface Combining {
  readonly forecast: readonly IntensitySample[];
  /** When the forecast was made; it may be one that was kept. */
  readonly madeAt: HourOfTime;
  readonly persistence: Persisting;
  readonly now: HourOfTime;
  readonly skills: readonly Skill[];
  /** What the forecast does not reach of the time until then, persistence tells. */
  readonly until: EpochMs;
}

/**
 * The forecast and persistence, each without its bias and weighed by the inverse of its mean square error at its lead: the
 * best there is of two unbiased predictions whose errors are independent (Bates and Granger, "The Combination of
 * Forecasts", Operational Research Quarterly 20, 1969). A far horizon leans on what is usual as far as the forecast has
 * shown no more there. By whole hours of lead, so that nothing changes from one refresh to the next; hours that are over,
 * and forecasts that too little is known of, stay as they are. Where the forecast ends persistence goes on alone, without
 * its bias too: two predictions of unlike level, one behind the other, would make a step that is none.
 */
export function combined(combining: Combining): readonly IntensitySample[] {
  const shown = enough(combining.skills);
  if (shown.length === 0) return combining.forecast;
  return [...weighed(combining, shown), ...beyond(combining, shown)];
}

function weighed({ forecast, madeAt, persistence, now }: Combining, shown: readonly Skill[]): IntensitySample[] {
  return forecast.map((sample) => {
    const hour = hourOf(sample.startsAt);
    const persisted = hour < now ? undefined : meanOver(persistence, sample);
    if (persisted === undefined) return sample;
    const ofForecast = accuracyAt(shown, 'forecast', hour - madeAt);
    const ofPersistence = accuracyAt(shown, 'persistence', hour - now);
    const weight = weightOf(ofForecast, ofPersistence);
    const figure =
      weight * (sample.gramsPerKilowattHour - ofForecast.bias) + (1 - weight) * (persisted - ofPersistence.bias);
    return { ...sample, gramsPerKilowattHour: toTheTenth(figure) };
  });
}

/** From the first hour that the forecast leaves out after its end. */
function beyond({ forecast, persistence, now, until }: Combining, shown: readonly Skill[]): IntensitySample[] {
  const samples: IntensitySample[] = [];
  const end = forecast.at(-1)?.endsAt ?? Infinity;
  for (let hour = hourOf(end); startOfHour(hour) < until; hour++) {
    const persisted = persistence(hour);
    if (persisted === undefined) continue;
    samples.push({
      startsAt: Math.max(end, startOfHour(hour)),
      endsAt: Math.min(until, startOfHour(hour + 1)),
      gramsPerKilowattHour: toTheTenth(persisted - accuracyAt(shown, 'persistence', hour - now).bias),
      estimated: true,
      rung: 'Persistence',
    });
  }
  return samples;
}

/**
 * How far the combination is expected to be off, as a share of what usually comes, at each lead that enough was verified at.
 * @param alone the forecast is not planned with, persistence stands for it
 */
export function expectedErrors(verification: Verification, alone?: 'persistence'): readonly ExpectedError[] {
  const level = usualLevel(verification);
  if (level <= 0) return [];
  return enough(skillOf(verification)).map(({ lead, forecast, persistence }) => {
    const weight = alone === 'persistence' ? 0 : weightOf(forecast, persistence);
    const deviation = Math.hypot(weight * forecast.deviation, (1 - weight) * persistence.deviation);
    return { lead: lead * HOUR_MS, share: deviation / level };
  });
}

/**
 * For what nobody has verified yet: about what a good forecast and persistence come to. "The same hour of the day before"
 * is off by 8.6 % on the mean of 111 zones, and a typical day by 9.6 % in its own year (docs/adr/0006-typical-day.md);
 * a standard deviation is about a quarter more than a mean error, and no year is like another.
 */
export const UNVERIFIED_ERROR: readonly ExpectedError[] = [{ lead: HOUR_MS, share: 0.1 }];
export const TYPICAL_DAY_ERROR: readonly ExpectedError[] = [{ lead: HOUR_MS, share: 0.15 }];

type Shown = Pick<Accuracy, 'bias' | 'deviation'>;

/** Of the forecast; two that are never off are one as good as the other. */
function weightOf(forecast: Shown, persistence: Shown): number {
  const [ofForecast, ofPersistence] = [forecast.deviation ** 2, persistence.deviation ** 2];
  return ofForecast === 0 ? 1 : ofPersistence / (ofForecast + ofPersistence);
}

function enough(skills: readonly Skill[]): readonly Skill[] {
  return skills.filter(({ forecast }) => forecast.count >= LEAST_HOURS);
}

/** Between two leads that were verified on the straight line, beyond them as at the last one. */
function accuracyAt(skills: readonly Skill[], which: 'forecast' | 'persistence', lead: number): Shown {
  const before = skills.findLast((skill) => skill.lead <= lead) ?? skills[0];
  const after = skills.find((skill) => skill.lead >= lead) ?? skills.at(-1);
  if (before === undefined || after === undefined) return { bias: 0, deviation: Infinity };
  if (before.lead === after.lead) return before[which];
  const part = (lead - before.lead) / (after.lead - before.lead);
  const between = (of: keyof Shown): number => (1 - part) * before[which][of] + part * after[which][of];
  return { bias: between('bias'), deviation: between('deviation') };
}

/** Over the hours that a sample touches; `undefined` where one of them is not known. */
function meanOver(persistence: Persisting, { startsAt, endsAt }: IntensitySample): number | undefined {
  const figures: number[] = [];
  for (let hour = hourOf(startsAt); startOfHour(hour) < endsAt; hour++) {
    const figure = persistence(hour);
    if (figure === undefined) return undefined;
    figures.push(figure);
  }
  return meanOf(figures);
}

function meanOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

/** No figure is more exact, and none is less than nothing. */
function toTheTenth(figure: number): GramsPerKilowattHour {
  return gramsPerKilowattHour(Math.max(0, Math.round(figure * 10) / 10));
}
