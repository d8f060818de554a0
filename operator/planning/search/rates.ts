import type { Seat } from '../candidate.ts';
import { egressPerHour, kilowatts, nodesPerHour } from '../pricing/cost.ts';
import { ignoresCarbon } from '../pricing/score.ts';
import { HOUR_MS, type DurationMs } from '../../domain/units.ts';

/** What running on a seat costs in the first entry of its score: all that a search for windows need know of money and grams. */
export interface Rates {
  /** Of the integral of the intensity, in g/kWh x h. 0 where carbon does not count. */
  readonly perGramHour: number;
  /** Of the integral of the price, in money per kWh x h. 0 where the price does not vary, or money does not come first. */
  readonly perPriceHour: number;
  /** Of each hour, whenever it is: the nodes, what is read over links, and electricity whose price is the same at all times. */
  readonly perHour: number;
  readonly perDelayMs: number;
}

export function ratesOf(seat: Seat): Rates {
  const { draw, electricity, weights } = seat;
  const { perGram, perMoney, perDelayMs } = weights;
  const flat = electricity.varying === undefined ? kilowatts(draw.decided) * electricity.outside : 0;
  return {
    perGramHour: perGram * kilowatts(draw.decided),
    perPriceHour: electricity.varying === undefined ? 0 : perMoney * kilowatts(draw.decided),
    perHour: perMoney * (nodesPerHour(seat) + egressPerHour(seat) + flat),
    perDelayMs,
  };
}

/** The same of the time in which data are copied before the work. */
export function copyingRatesOf({
  copyingDraw,
  electricity,
  weights,
}: Seat): Pick<Rates, 'perGramHour' | 'perPriceHour'> {
  const power = kilowatts(copyingDraw.decided);
  return {
    perGramHour: weights.perGram * power,
    perPriceHour: electricity.varying === undefined ? 0 : weights.perMoney * power,
  };
}

/** The first entry of the score of work that begins now and is never interrupted, where its grams and varying prices cost `least`. */
export function leastScore(seat: Seat, work: DurationMs, least: number): number {
  const { perHour, perDelayMs } = ratesOf(seat);
  return least + perHour * (work / HOUR_MS) + perDelayMs * (seat.now + work - seat.reference.finishesAt);
}

/** Whether when it runs makes any difference on this seat: then there is something to search by. */
export function timeMatters({ intensity, electricity, weights }: Seat): boolean {
  return ignoresCarbon(weights) ? electricity.varying !== undefined : intensity !== undefined;
}
