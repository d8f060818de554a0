import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import { PRESETS } from './objectives.ts';

/**
 * Defaults that the schema fills in at the API server. They are here as well for objects that were stored before the
 * schema had them; a test holds the two together.
 */
export const SCHEMA_DEFAULTS = {
  minimumRun: 30 * MINUTE_MS,
  restartOverhead: 5 * MINUTE_MS,
  moveOverhead: 0,
  maxPauses: 4,
  speed: 1,
  pue: 1.2,
  resource: 'nvidia.com/gpu',
  provisioningTime: 10 * MINUTE_MS,
  currency: 'EUR',
  signal: 'Average',
  withoutData: 'Run',
  weight: 1,
} as const;

/** What holds where no CarbonPolicy selects the namespace. */
export const BUILT_IN_POLICY: EffectivePolicy = {
  name: undefined,
  objective: PRESETS.Balanced,
  signal: SCHEMA_DEFAULTS.signal,
  withoutData: SCHEMA_DEFAULTS.withoutData,
  weight: SCHEMA_DEFAULTS.weight,
  defaultMaxDelay: 12 * HOUR_MS,
  home: undefined,
  longestDelay: undefined,
  sitesAllowed: undefined,
};
