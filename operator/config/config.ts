import type { DurationMs } from '../domain/units.ts';

/** Where carbon intensity comes from, in order of preference. */
export type CarbonSourceConfig =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly rung: 'LiveForecast' | 'TypicalDay';
      readonly synthetic: boolean;
    }
  | { readonly kind: 'typicalDay' };

/** All that the operator can be told, read and judged. Lengths of time in ms, shares from 0 to 1. */
export interface Config {
  readonly planning: {
    readonly slot: DurationMs;
    readonly settle: DurationMs;
    readonly interval: DurationMs;
    /** From this many jobs on plans are made in a thread beside. */
    readonly threadFrom: number;
    readonly hysteresisShare: number;
    readonly pauseGainShare: number;
    readonly indifferenceShare: number;
  };
  readonly carbon: {
    readonly sources: readonly CarbonSourceConfig[];
    readonly refresh: DurationMs;
    readonly horizon: DurationMs;
  };
  readonly jobs: {
    readonly concurrency: number;
    /** Pods that find no node for so long are taken back, and the site is avoided for a while. */
    readonly unschedulableAfter: DurationMs;
    readonly avoidFor: DurationMs;
  };
  readonly accelerators: readonly { readonly resource: string; readonly productLabel: string }[];
  readonly leaderElection: {
    readonly enabled: boolean;
    readonly leaseDuration: DurationMs;
    readonly renewDeadline: DurationMs;
    readonly retryPeriod: DurationMs;
  };
  readonly server: { readonly host: string; readonly port: number };
  readonly kubernetes: { readonly requestsInFlight: number; readonly requestTimeout: DurationMs };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
}

/** The configuration can't be used; the message has every problem on a line of its own. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
