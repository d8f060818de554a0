import type { ObservedSlowdown } from '../../operator/domain/length/observed-slowdown.ts';
import { H100 } from './planning.ts';

/** A fifth longer `away` than at `home`, without any doubt. */
export function anObservation(overrides: Partial<ObservedSlowdown> = {}): ObservedSlowdown {
  return {
    site: 'away',
    product: H100,
    share: 0.2,
    certainShare: 0.2,
    runs: 12,
    comparedWith: { site: 'home', product: overrides.product ?? H100, runs: 30 },
    ...overrides,
  };
}
