import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import { PRESETS } from './objectives.ts';

const PERCENT = 100;

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
  idle: { utilisationBelowPercent: 5, for: 30 * MINUTE_MS, action: 'Alert' },
  underused: { utilisationBelowPercent: 30, for: 2 * HOUR_MS },
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
  usage: {
    idle: {
      below: SCHEMA_DEFAULTS.idle.utilisationBelowPercent / PERCENT,
      for: SCHEMA_DEFAULTS.idle.for,
      action: SCHEMA_DEFAULTS.idle.action,
    },
    underused: {
      below: SCHEMA_DEFAULTS.underused.utilisationBelowPercent / PERCENT,
      for: SCHEMA_DEFAULTS.underused.for,
    },
  },
};
