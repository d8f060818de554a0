import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import type { Signal } from '../../domain/intensity.ts';
import type { ZoneSignal } from './outlooks.ts';

/** Every zone by every signal that some namespace plans with; by the average always, which a site shows. */
export function wantedOutlooks(zones: Iterable<string>, policies: readonly EffectivePolicy[]): readonly ZoneSignal[] {
  const signals = new Set<Signal>(['Average', ...policies.map(({ signal }) => signal)]);
  return [...new Set(zones)].flatMap((zone) => [...signals].map((signal) => ({ zone, signal })));
}
