import { setImmediate } from 'node:timers/promises';
import type { CaseSession } from './quality-case.ts';

const LOOK_UP_EVERY_MS = 200;
const TELL_EVERY_MS = 5_000;

/**
 * Does a piece of work for each item in turn. Between them it lets the signal through every now and then, and says how far
 * it is. Rejects with the signal's reason.
 */
export async function forEachInTurn<T>(
  items: readonly T[],
  { what, session }: { readonly what: string; readonly session: CaseSession },
  work: (item: T) => void,
): Promise<void> {
  let lookUpAt = performance.now() + LOOK_UP_EVERY_MS;
  let tellAt = performance.now() + TELL_EVERY_MS;
  for (const [k, item] of items.entries()) {
    work(item);
    const now = performance.now();
    if (now < lookUpAt) continue;
    await setImmediate();
    session.abort.throwIfAborted();
    lookUpAt = now + LOOK_UP_EVERY_MS;
    if (now < tellAt) continue;
    session.progress(`    ${what}: ${String(Math.floor((100 * (k + 1)) / items.length))} %`);
    tellAt = now + TELL_EVERY_MS;
  }
  session.abort.throwIfAborted();
}

/** Every so many-th, from the first on. */
export function everyNth<T>(items: readonly T[], stride: number): readonly T[] {
  return items.filter((_, k) => k % stride === 0);
}
