import type { Clock, DurationMs } from '../ports/clock.ts';

export class TimedOutError extends Error {
  override readonly name = 'TimedOutError';
}

export interface TimeLimit {
  readonly clock: Clock;
  readonly limitMs: DurationMs;
  /** Ends the work before its time. */
  readonly abort: AbortSignal;
}

/**
 * The result of `work`, or a rejection when the limit is reached ({@link TimedOutError}) or `abort` fires (its reason):
 * at once, also where the work doesn't heed the signal that it is given.
 */
export async function within<T>(limit: TimeLimit, work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, limitMs, abort } = limit;
  abort.throwIfAborted();
  const working = new AbortController();
  const alarm = new AbortController();
  const onAbort = (): void => {
    alarm.abort(abort.reason);
  };
  abort.addEventListener('abort', onAbort, { once: true });
  const ends = clock.sleep(limitMs, alarm.signal).then(() => {
    throw new TimedOutError(`no answer within ${limitMs} ms`);
  });
  try {
    return await Promise.race([work(working.signal), ends]);
  } catch (error) {
    working.abort(error);
    throw error;
  } finally {
    abort.removeEventListener('abort', onAbort);
    alarm.abort();
    ends.catch(() => undefined);
  }
}
