import type { Interval } from '../../operator/domain/interval.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../operator/ports/carbon.ts';
import type { PriceSource } from '../../operator/ports/price.ts';
import { SourceError } from '../../operator/ports/source-error.ts';
import { written, type CarbonExpectation, type NoAnswer, type PriceExpectation } from './recording.ts';

/** What a source is asked while it is recorded: the questions of its contract suite. */
export interface Questions {
  readonly zone: string;
  readonly otherZones: readonly string[];
  readonly unknownZone: string;
  readonly now: EpochMs;
  readonly ahead: DurationMs;
  readonly behind: DurationMs;
}

const YEAR_MS = 365 * 24 * HOUR_MS;
const SLOT_MS = HOUR_MS / 12;
const COMPARED_DECIMALS = 9;

/** Asks all that the suite of carbon sources asks, and says what came of it; of what is not an answer it says why. */
export async function carbonExpectation(
  source: CarbonSource,
  questions: Questions & Pick<CarbonQuery, 'signal'>,
  abort: AbortSignal,
): Promise<CarbonExpectation | NoAnswer> {
  const { zone, signal, unknownZone, otherZones } = questions;
  const [ahead, behind] = [aheadOf(questions), behindOf(questions)];
  const history = (interval: Interval) => outcomeOf(source.history({ zone, signal, interval }, abort));
  const forecast = await outcomeOf(source.forecast({ zone, signal, interval: ahead }, abort));
  const hasForecast = !(forecast instanceof SourceError && forecast.code === 'ForecastUnsupported');
  const answer = hasForecast ? forecast : await history(behind);
  if (answer instanceof SourceError) return noAnswer(answer);
  const known = longestRun(answer.samples);
  const ask = (query: Partial<CarbonQuery>) => {
    const whole = { zone, signal, interval: rangeOf(known), ...query };
    return outcomeOf(hasForecast ? source.forecast(whole, abort) : source.history(whole, abort));
  };
  for (const other of [...otherZones, unknownZone]) await ask({ zone: other });
  const uncovered = await firstWithoutData((interval) => ask({ interval }), questions.now);
  const past = await history(behind);
  return {
    reviewed: false,
    signal,
    known: written(rangeOf(known)),
    otherZones,
    unknownZone,
    uncovered: written(uncovered),
    scope: answer.scope,
    synthetic: answer.synthetic,
    estimated: known.map(({ estimated }) => estimated),
    past:
      past instanceof SourceError
        ? { interval: written(behind), refusal: past.code, because: past.message }
        : { interval: written(behind), estimated: past.samples.map(({ estimated }) => estimated) },
    ...(forecast instanceof SourceError && { noForecastBecause: forecast.message }),
  };
}

/** The same for price sources, whose suite asks for prices that are published. */
export async function priceExpectation(
  source: PriceSource,
  questions: Questions,
  abort: AbortSignal,
): Promise<PriceExpectation | NoAnswer> {
  const { zone, unknownZone } = questions;
  const prices = (interval: Interval) => outcomeOf(source.prices({ zone, interval }, abort));
  const answer = await prices(aheadOf(questions));
  if (answer instanceof SourceError) return noAnswer(answer);
  const known = longestRun(answer.samples.filter(({ estimated }) => !estimated));
  if (known.length === 0)
    return { reviewed: false, noAnswerBecause: 'no price of the time asked for is published yet' };
  await outcomeOf(source.prices({ zone: unknownZone, interval: rangeOf(known) }, abort));
  const negative = longestRun(known.filter(({ perKilowattHour }) => perKilowattHour < 0));
  return {
    reviewed: false,
    known: written(rangeOf(known)),
    unknownZone,
    uncovered: written(await firstWithoutData(prices, questions.now)),
    currency: answer.currency,
    basis: answer.basis,
    perKilowattHour: known.map(({ perKilowattHour }) => Number(perKilowattHour.toFixed(COMPARED_DECIMALS))),
    negative:
      negative.length > 0
        ? written(rangeOf(negative))
        : { neverBecause: 'nobody was paid for consumption in the time that was recorded' },
  };
}

function noAnswer({ code, message }: SourceError): NoAnswer {
  return { reviewed: false, noAnswerBecause: `${code}: ${message}` };
}

/** A refusal is an answer too; anything else is a fault of the adapter. */
async function outcomeOf<T>(asked: Promise<T>): Promise<T | SourceError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

function aheadOf({ now, ahead }: Questions): Interval {
  const startsAt = Math.floor(now / SLOT_MS) * SLOT_MS;
  return { startsAt, endsAt: startsAt + ahead };
}

function behindOf({ now, behind }: Questions): Interval {
  const endsAt = Math.floor(now / SLOT_MS) * SLOT_MS;
  return { startsAt: endsAt - behind, endsAt };
}

/** Long ago, or else far ahead: the first hour that there is no data of. That long ago costs providers the shortest answers. */
async function firstWithoutData(ask: (interval: Interval) => Promise<unknown>, now: EpochMs): Promise<Interval> {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const [longAgo, farAhead] = [hour - 15 * YEAR_MS, hour + YEAR_MS].map((startsAt) => ({
    startsAt,
    endsAt: startsAt + HOUR_MS,
  })) as [Interval, Interval];
  if (isNoData(await ask(longAgo))) return longAgo;
  return isNoData(await ask(farAhead)) ? farAhead : longAgo;
}

function isNoData(outcome: unknown): boolean {
  return outcome instanceof SourceError && outcome.code === 'NoData';
}

/** The suite asks for any part of what is known: none of them may lie in a gap. */
function longestRun<T extends Interval>(samples: readonly T[]): readonly T[] {
  const runs: T[][] = [];
  for (const sample of samples) {
    const run = runs.at(-1);
    if (run?.at(-1)?.endsAt === sample.startsAt) run.push(sample);
    else runs.push([sample]);
  }
  return runs.reduce<readonly T[]>((longest, run) => (run.length > longest.length ? run : longest), []);
}

function rangeOf(run: readonly Interval[]): Interval {
  return { startsAt: run[0]?.startsAt ?? NaN, endsAt: run.at(-1)?.endsAt ?? NaN };
}
