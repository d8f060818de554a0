import { hourOf, startOfHour } from '../../../../operator/accounting/forecast-skill/hourly-figures.ts';
import { CarbonMemory } from '../../../../operator/controllers/outlooks/memory/carbon-memory.ts';
import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { cutTo } from '../../../../operator/domain/samples.ts';
import type { Outlook } from '../../../../operator/domain/site.ts';
import { HOUR_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import type { Foresight } from '../../../../operator/simulation/scenario.ts';

/** A forecast beside what came, and until when the forecast is known at a time. */
export interface JudgedForecast {
  readonly came: IntensitySeries;
  readonly forecast: IntensitySeries;
  readonly knownUntil: (now: EpochMs) => EpochMs;
}

/** So far ahead outlooks are asked for, and so far back is told what came, as the operator does. */
const AHEAD_MS = 96 * HOUR_MS;
const BACK_MS = 24 * HOUR_MS;

/**
 * What the operator's ladder says at each hour from what it has learnt by then: its memory is told of the forecast and of
 * what came hour by hour, and what is planned with is the forecast for what it has shown, or persistence where that is
 * much better. Nothing of an hour is known before it is over. Takes a second for each year and some.
 */
export function learntForesight(judged: JudgedForecast): Foresight {
  const memory = new CarbonMemory();
  const outlooks = new Map<number, Outlook>();
  const { samples } = judged.came;
  const last = hourOf(samples.at(-1)?.startsAt ?? -Infinity);
  for (let hour = hourOf(samples[0]?.startsAt ?? Infinity); hour <= last; hour++) {
    const outlook = learnt(memory, judged, startOfHour(hour));
    if (outlook !== undefined) outlooks.set(hour, outlook);
  }
  return (_, at, until) => {
    const outlook = outlooks.get(hourOf(at));
    return outlook && { ...outlook, series: cut(outlook.series, at, until) };
  };
}

/** As the ladder does: first it hears what came, then it judges the forecast by it. */
function learnt(memory: CarbonMemory, judged: JudgedForecast, now: EpochMs): Outlook | undefined {
  const { came, forecast, knownUntil } = judged;
  const until = now + AHEAD_MS;
  const query = { zone: came.zone, signal: came.signal, interval: { startsAt: now, endsAt: until } };
  memory.came({ ...cut(came, now - BACK_MS, now), source: forecast.source }, now);
  const known: IntensitySeries = { ...cut(forecast, now, Math.min(until, knownUntil(now))), issuedAt: now };
  const coversNow = (known.samples[0]?.startsAt ?? Infinity) <= now;
  if (coversNow) memory.expected(known, now);
  if (coversNow && memory.trust(known).trusted) {
    return { ...memory.weighed(known, { madeAt: now, now, until }), rung: 'LiveForecast' };
  }
  const persisting = memory.persistence(forecast.source, query, now);
  return persisting && { ...persisting, rung: 'Persistence' };
}

function cut(series: IntensitySeries, startsAt: EpochMs, endsAt: EpochMs): IntensitySeries {
  return { ...series, perspective: 'Forecast', samples: cutTo(series.samples, { startsAt, endsAt }) };
}
