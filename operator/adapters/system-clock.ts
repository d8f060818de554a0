import type { DurationMs, EpochMs } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Node's timers overflow beyond 2^31 - 1 ms and then fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): EpochMs {
    return Date.now();
  }

  async sleep(duration: DurationMs, abort: AbortSignal): Promise<void> {
    let left = duration;
    while (left > LONGEST_TIMER_MS) {
      await timer(LONGEST_TIMER_MS, abort);
      left -= LONGEST_TIMER_MS;
    }
    await timer(left, abort);
  }
}

function timer(duration: DurationMs, abort: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (abort.aborted) {
      reject(abort.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timeout);
      reject(abort.reason as Error);
    };
    const timeout = setTimeout(() => {
      abort.removeEventListener('abort', onAbort);
      resolve();
    }, duration);
    abort.addEventListener('abort', onAbort, { once: true });
  });
}
