import type { Clock, DurationMs } from '../ports/clock.ts';

/** The longest that a timer of Node holds; a longer one fires at once. */
const LONGEST_TIMER_MS: DurationMs = 2 ** 31 - 1;

/** The time of day. It steps when the machine's clock is set. */
export const systemClock: Clock = { now: () => Date.now(), sleep };

/** Starts at the time of day and then only ever goes forward, at the machine's own pace: for leases and time-outs. */
export const steadyClock: Clock = { now: () => performance.timeOrigin + performance.now(), sleep };

async function sleep(duration: DurationMs, abort: AbortSignal): Promise<void> {
  let remainingMs = duration;
  for (; remainingMs > LONGEST_TIMER_MS; remainingMs -= LONGEST_TIMER_MS) await timer(LONGEST_TIMER_MS, abort);
  await timer(remainingMs, abort);
}

function timer(ms: DurationMs, abort: AbortSignal): Promise<void> {
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
    }, ms);
    abort.addEventListener('abort', onAbort, { once: true });
  });
}
