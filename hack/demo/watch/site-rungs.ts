import { findCondition } from '../../../operator/api/v1alpha1/conditions.ts';
import type { ComputeSite } from '../../../operator/api/v1alpha1/compute-site.generated.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';

/** Best first: reasons of a site's condition CarbonDataFresh. */
const RUNGS: readonly string[] = ['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay'];

/** Where a site's figures come from, from a time on. */
export interface RungStep {
  readonly at: EpochMs;
  /** A rung of the ladder; where it stands on none, why. */
  readonly rung: string;
  readonly source: string | undefined;
}

/** How far down the ladder; what stands on none is below all. */
export function depthOf({ rung }: Pick<RungStep, 'rung'>): number {
  const depth = RUNGS.indexOf(rung);
  return depth < 0 ? RUNGS.length : depth;
}

export function isLive(step: RungStep | undefined): boolean {
  return step !== undefined && depthOf(step) === 0;
}

/** As its status says it; `undefined` before it says anything. */
export function rungOf({ status }: ComputeSite, at: EpochMs): RungStep | undefined {
  const condition = findCondition(status?.conditions, 'CarbonDataFresh');
  if (condition === undefined || condition.status === 'Unknown') return undefined;
  return { at, rung: condition.reason, source: status?.intensity?.source };
}

export function sameRung(a: RungStep | undefined, b: RungStep): boolean {
  return a?.rung === b.rung && a.source === b.source;
}

/** For the journal. */
export function moveInWords(from: RungStep, to: RungStep): string {
  const way = depthOf(to) > depthOf(from) ? 'down' : 'up';
  return `goes ${way} the ladder: ${from.rung} → ${to.rung}`;
}
