import { setImmediate } from 'node:timers/promises';
import type { DurationMs } from '../ports/clock.ts';

/** A loop may hold the event loop this long before timers and sockets get a turn. */
const TURN_MS: DurationMs = 10;

/**
 * For loops over much work that awaits only what is settled already: promises alone never let a timer fire, and a lease
 * would not be renewed. Call the result after each piece of work.
 */
export function turnTaker(): () => Promise<void> {
  let turnStartedAt = performance.now();
  return async () => {
    if (performance.now() - turnStartedAt < TURN_MS) return;
    await setImmediate();
    turnStartedAt = performance.now();
  };
}
