import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { MOST_COLUMNS } from '../../domain/usage/usage-grid.ts';
import type { DurationMs } from '../../domain/units.ts';

/** Columns beyond the time of a policy, so that what has lasted for it is seen to have lasted longer. */
const MARGIN_COLUMNS = 5;

/** What lasts for longer is never found: no more columns are kept. */
export function longestFound(interval: DurationMs): DurationMs {
  return (MOST_COLUMNS - MARGIN_COLUMNS) * interval;
}

/**
 * How far back to look: as the configuration says, or further where a policy speaks of a longer time, up to what can be kept. What
 * a policy calls idle after two days is found after as many columns as there are.
 */
export function lookBackOf(
  policies: readonly Pick<EffectivePolicy, 'usage'>[],
  { interval, lookBack }: { readonly interval: DurationMs; readonly lookBack: DurationMs },
): DurationMs {
  const longest = Math.max(0, ...policies.map(({ usage }) => Math.max(usage.idle.for, usage.underused.for)));
  const wanted = Math.max(lookBack, longest + MARGIN_COLUMNS * interval);
  return Math.min(wanted, MOST_COLUMNS * interval);
}
