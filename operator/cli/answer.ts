import type { Page } from './page/page.ts';

/** What a command found out. */
export interface Answer {
  /**
   * For programs, as `--output json` or `yaml` prints it: plain values, units in the names (`carbonGrams`, `energyKWh`), times in
   * RFC 3339, unknown figures left out.
   */
  readonly data: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly page: Page;
  /** 0 unless the answer itself is bad news that a script should see, e.g. a deadline that can't be held. */
  readonly exitCode: ExitCode;
}

/**
 * 0: answered. 1: it failed, e.g. the cluster can't be reached. 2: the command line or a file can't be used. 3: answered, and the
 * answer is that something can't be done in time or at all.
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** The command line, or a file that it names, can't be used; the message says where, what stands there, and the remedy. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
