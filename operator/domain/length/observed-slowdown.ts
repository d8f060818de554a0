import type { Place } from '../place.ts';

/** Three times longer is four times as long: beyond that jobs of one kind were hardly alike. No `share` is larger. */
export const MOST_OBSERVED_SHARE = 3;

/** What jobs of one kind took at a place, against what they took at another; both with planned slowdowns taken off. */
export interface ObservedSlowdown extends Place {
  /** How much longer, as a share: 0.2 is a fifth more, and what is below 0 is a gain. */
  readonly share: number;
  /** As much of `share` as is beyond doubt, on the same side of 0; 0 where chance may have made all of it. */
  readonly certainShare: number;
  /** Jobs that ran at the place. */
  readonly runs: number;
  readonly comparedWith: Place & { readonly runs: number };
}

/** `undefined` where nothing has been observed: as far as anybody knows the place is as good as any. */
export function observedAt(
  observed: readonly ObservedSlowdown[] | undefined,
  site: string,
  product: string | undefined,
): ObservedSlowdown | undefined {
  return observed?.find((one) => one.site === site && one.product === product);
}

/** Of two slowdowns that come on top of one another. */
export function bothSlowdowns(one: number, other: number): number {
  return (1 + one) * (1 + other) - 1;
}
