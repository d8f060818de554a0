import { overlapOf } from '../../../domain/interval.ts';
import type { TimelineBlock } from '../page.ts';

/** The lowest and the highest of some amounts. */
export interface AmountRange {
  readonly lowest: number;
  readonly highest: number;
}

/** What a picture of amounts reaches from and to; zero is always in it, and `to` is above `from`. */
export interface AmountScale {
  readonly from: number;
  readonly to: number;
}

/** Nothing that is measured differs by less; what does is noise of computing, and no round step divides it. */
const LEAST_EXTENT = 1e-12;

/** `undefined` where none of the amounts is a number that can be drawn. */
export function rangeOf(amounts: readonly number[]): AmountRange | undefined {
  // A year of minutes is more than a call takes arguments.
  return amounts.filter(Number.isFinite).reduce<AmountRange | undefined>((range, amount) => {
    return { lowest: Math.min(range?.lowest ?? amount, amount), highest: Math.max(range?.highest ?? amount, amount) };
  }, undefined);
}

/** A range a strip, `undefined` where none of its figures lies in the span, and the scale that all of them share. */
export function timelineScale({ strips, span }: TimelineBlock): {
  readonly ranges: readonly (AmountRange | undefined)[];
  readonly scale: AmountScale;
} {
  const ranges = strips.map(({ figures }) => {
    return rangeOf(figures.filter((figure) => overlapOf(figure, span) > 0).map(({ value }) => value));
  });
  return { ranges, scale: commonScale(ranges) };
}

/** One scale for all of these, with zero: heights and lengths are amounts only from there. */
export function commonScale(ranges: readonly (AmountRange | undefined)[]): AmountScale {
  const all = rangeOf(ranges.flatMap((range) => (range === undefined ? [] : [range.lowest, range.highest])));
  const [from, to] = [Math.min(0, all?.lowest ?? 0), Math.max(0, all?.highest ?? 0)];
  return to - from < LEAST_EXTENT ? { from: 0, to: 1 } : { from, to };
}

/** Where an amount lies on the scale: 0 at its beginning, 1 at its end, and never outside. */
export function shareOf(amount: number, { from, to }: AmountScale): number {
  return Math.min(1, Math.max(0, (amount - from) / (to - from)));
}

/** Round amounts on the scale, evenly apart and at most `most` steps: 0, 200, 400. */
export function amountTicks({ from, to }: AmountScale, most: number): readonly number[] {
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find((each) => each * power >= least) ?? 10) * power;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}
