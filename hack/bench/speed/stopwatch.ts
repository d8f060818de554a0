import type { Taken } from './measurement.ts';

/**
 * Does the work with each input in turn and notes what it took each time.
 * @param collects when garbage is collected, so that nobody pays for what was before: work that takes long before each time
 */
export function timed<T, R>(
  inputs: readonly T[],
  work: (input: T) => R,
  collects: 'before each' | 'before the first' = 'before each',
): { readonly took: Taken; readonly last: R } {
  const cpuMs: number[] = [];
  const wallMs: number[] = [];
  let last: { readonly result: R } | undefined;
  for (const input of inputs) {
    if (collects === 'before each' || last === undefined) globalThis.gc?.();
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    last = { result: work(input) };
    wallMs.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs.push((user + system) / 1_000);
  }
  if (last === undefined) throw new Error('there is nothing to time');
  return { took: { cpuMs, wallMs }, last: last.result };
}

export function times<T>(count: number, input: T): readonly T[] {
  return Array.from({ length: count }, () => input);
}

export function least(figures: readonly number[]): number {
  return Math.min(...figures);
}

/** NaN of nothing. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const below = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  const above = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return (below + above) / 2;
}
