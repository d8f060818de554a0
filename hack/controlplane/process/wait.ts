import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../error-text.ts';

export interface WaitOptions {
  /** For the error, e.g. `the API server to be ready`. */
  readonly for: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number | undefined;
  readonly abort?: AbortSignal | undefined;
}

/**
 * Polls until `probe` answers something else than `undefined`.
 * @throws Error on time-out, with the last error of the probe as cause; the abort reason on abort.
 */
export async function waitFor<T>(options: WaitOptions, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  let lastError: unknown;
  for (;;) {
    options.abort?.throwIfAborted();
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      if (error instanceof FatalProbeError) throw error;
      lastError = error;
    }
    if (performance.now() >= deadline) {
      const reason = lastError === undefined ? '' : `: ${errorText(lastError)}`;
      throw new Error(`waiting ${options.timeoutMs / 1000} s for ${options.for}${reason}`, {
        cause: lastError,
      });
    }
    await delay(options.intervalMs ?? 50, undefined, options.abort === undefined ? {} : { signal: options.abort });
  }
}

/** Thrown by a probe when waiting longer can't help. */
export class FatalProbeError extends Error {
  override readonly name: string = 'FatalProbeError';
}
