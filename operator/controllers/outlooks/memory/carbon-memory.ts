import { combined, expectedErrors, UNVERIFIED_ERROR } from '../../../accounting/forecast-skill/combination.ts';
import { hourlyFigures, hourOf, startOfHour } from '../../../accounting/forecast-skill/hourly-figures.ts';
import { persistenceFrom, persistenceOver } from '../../../accounting/forecast-skill/persistence.ts';
import { skillOf, trustIn, type Skill, type Trust } from '../../../accounting/forecast-skill/skill.ts';
import {
  NOTHING_VERIFIED,
  withForecast,
  withoutTheOld,
  withTruth,
  type Verification,
} from '../../../accounting/forecast-skill/verification.ts';
import type { EmissionScope, IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo } from '../../../domain/samples.ts';
import type { ExpectedError, Outlook } from '../../../domain/site.ts';
import { gramsPerKilowattHour, type EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery } from '../../../ports/carbon.ts';

/** Whose figures, of where, by what. */
export interface MemoryKey {
  readonly source: string;
  readonly zone: string;
  readonly signal: Signal;
}

/** What is known of one source's figures of one zone and signal. */
export interface ZoneMemory extends MemoryKey {
  readonly scope: EmissionScope;
  readonly verification: Verification;
  readonly trusted: boolean;
}

/** What a scrape is told of one of them. */
export interface SkillState extends MemoryKey {
  readonly trusted: boolean;
  readonly skills: readonly Skill[];
}

const NOT_JUDGED: Trust = { trusted: true, evidence: undefined };

/** What came and what was expected, so that forecasts can be judged, and so that yesterday can stand for today. */
export class CarbonMemory {
  readonly #zones = new Map<string, ZoneMemory>();

  /** A forecast that was made at `madeAt` came. Made-up figures are not judged. */
  expected(series: IntensitySeries, madeAt: EpochMs): void {
    if (series.synthetic) return;
    const zone = this.#zoneFor(series);
    this.#learn(zone, withForecast(zone.verification, hourlyFigures(series.samples), madeAt));
  }

  /** What came is known: what was measured counts, an estimate is no truth. */
  came(series: IntensitySeries, now: EpochMs): void {
    if (series.synthetic) return;
    const zone = this.#zoneFor(series);
    const measured = hourlyFigures(series.samples.filter(({ estimated }) => !estimated));
    this.#learn(zone, withTruth(zone.verification, measured, now));
  }

  /** A forecast is judged by what became of earlier ones that were of its kind. */
  trust({ source, zone, signal, scope, synthetic }: IntensitySeries): Trust {
    const known = this.#zones.get(keyOf({ source, zone, signal }));
    if (synthetic || known?.scope !== scope) return NOT_JUDGED;
    return trustIn(known.verification, known.trusted);
  }

  /** A forecast, for what forecasts of its kind have shown beside persistence; made-up figures as they are. */
  weighed<S extends Signal>(
    series: IntensitySeries<S>,
    { madeAt, now, until }: { readonly madeAt: EpochMs; readonly now: EpochMs; readonly until: EpochMs },
  ): Pick<Outlook<S>, 'series' | 'expectedError'> {
    const known = this.#zones.get(keyOf(series));
    if (series.synthetic || known?.scope !== series.scope) return { series, expectedError: UNVERIFIED_ERROR };
    const skills = skillOf(known.verification);
    const samples = combined({
      forecast: series.samples,
      madeAt: hourOf(madeAt),
      persistence: persistenceFrom(known.verification.came, hourOf(now)),
      now: hourOf(now),
      skills,
      until,
    });
    return { series: { ...series, samples }, expectedError: orUnverified(expectedErrors(known.verification)) };
  }

  /** Persistence from what a source has measured; `undefined` where that is nothing for the time asked for. */
  persistence<S extends Signal>(
    source: string,
    { zone, signal, interval }: CarbonQuery<S>,
    now: EpochMs,
  ): Pick<Outlook<S>, 'series' | 'expectedError'> | undefined {
    const known = this.#zones.get(keyOf({ source, zone, signal }));
    if (known === undefined) return undefined;
    const { came } = known.verification;
    const samples = persistenceOver(interval, came, hourOf(now));
    if (samples.length === 0) return undefined;
    const last = Math.max(...came.keys());
    const series: IntensitySeries<S> = {
      zone,
      signal,
      scope: known.scope,
      perspective: 'Forecast',
      synthetic: true,
      source,
      issuedAt: Math.min(now, startOfHour(last + 1)),
      samples,
    };
    return { series, expectedError: orUnverified(expectedErrors(known.verification, 'persistence')) };
  }

  /** What was measured over the interval, by the hour: figures of the same kind from whichever source knows the zone. */
  measured({ zone, signal, scope }: IntensitySeries, interval: Interval): readonly IntensitySample[] {
    const known = [...this.#zones.values()].find(
      (one) => one.zone === zone && one.signal === signal && one.scope === scope && one.verification.came.size > 0,
    );
    if (known === undefined) return [];
    const hours = [...known.verification.came].sort(([a], [b]) => a - b);
    const samples = hours.map(([hour, figure]) => ({
      startsAt: startOfHour(hour),
      endsAt: startOfHour(hour + 1),
      gramsPerKilowattHour: gramsPerKilowattHour(figure),
      estimated: false,
      // A provider's own figures, whatever the rung of the series that they go before.
      rung: 'LiveForecast' as const,
    }));
    return cutTo(samples, interval);
  }

  states(): readonly SkillState[] {
    return [...this.#zones.values()].map(({ source, zone, signal, trusted, verification }) => ({
      source,
      zone,
      signal,
      trusted,
      skills: skillOf(verification),
    }));
  }

  /** Everything, to be kept over a restart. */
  all(): readonly ZoneMemory[] {
    return [...this.#zones.values()];
  }

  /** What is too old to say anything at `now` is not taken up. */
  restore(zone: ZoneMemory, now: EpochMs): void {
    const verification = withoutTheOld(zone.verification, now);
    const { came, predicted, scores } = verification;
    if (came.size + predicted.size + scores.size > 0) this.#learn(zone, verification);
  }

  forget(zone: string, signal: Signal): void {
    for (const [key, known] of this.#zones) {
      if (known.zone === zone && known.signal === signal) this.#zones.delete(key);
    }
  }

  /** Figures that count other grams than before begin anew. */
  #zoneFor({ source, zone, signal, scope }: IntensitySeries): ZoneMemory {
    const known = this.#zones.get(keyOf({ source, zone, signal }));
    if (known?.scope === scope) return known;
    return { source, zone, signal, scope, verification: NOTHING_VERIFIED, trusted: true };
  }

  #learn(zone: ZoneMemory, verification: Verification): void {
    const { trusted } = trustIn(verification, zone.trusted);
    this.#zones.set(keyOf(zone), { ...zone, verification, trusted });
  }
}

function orUnverified(errors: readonly ExpectedError[]): readonly ExpectedError[] {
  return errors.length === 0 ? UNVERIFIED_ERROR : errors;
}

function keyOf({ source, zone, signal }: MemoryKey): string {
  return `${source} ${signal} ${zone}`;
}
