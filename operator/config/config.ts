import type { DurationMs } from '../domain/units.ts';
import type { DataConfig } from './data-config.ts';
import type { UsageConfig } from './usage-config.ts';

/** All that the operator can be told, read and judged. Lengths of time in ms, shares from 0 to 1. */
export interface Config extends DataConfig {
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
  readonly usage: UsageConfig;
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
