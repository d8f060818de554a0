import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DurationMs } from '../../../operator/domain/units.ts';

/** A `.cpuprofile` as V8 writes it: a tree of calls, and a sample of it every so often. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface HotSpot {
  /** `file:line function`; `(garbage collector)` and the like have no file. */
  readonly where: string;
  /** Spent in the function itself, what it calls left out. */
  readonly selfMs: DurationMs;
  /** Of all the time that the process was not idle. */
  readonly share: number;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const IDLE = new Set(['(idle)', '(root)']);

/** The functions in which the time went, the worst first, over all threads. */
export function hotSpots(profiles: readonly CpuProfile[], most: number): readonly HotSpot[] {
  const selfMs = new Map<string, DurationMs>();
  for (const profile of profiles) addSelfTimes(profile, selfMs);
  const busyMs = [...selfMs.values()].reduce((sum, ms) => sum + ms, 0);
  return [...selfMs]
    .map(([where, ms]) => ({ where, selfMs: ms, share: ms / busyMs }))
    .sort((a, b) => b.selfMs - a.selfMs)
    .slice(0, most);
}

/** The profiles in a folder, one a thread. */
export async function readProfiles(directory: string): Promise<readonly CpuProfile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile'));
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as CpuProfile),
  );
}

export function hotSpotLines(spots: readonly HotSpot[]): readonly string[] {
  return spots.map(({ where, selfMs, share }) => {
    const percent = `${(100 * share).toFixed(1)} %`.padStart(7);
    return `  ${percent}  ${(selfMs / 1_000).toFixed(2).padStart(6)} s  ${where}`;
  });
}

function addSelfTimes({ nodes, samples, timeDeltas }: CpuProfile, selfMs: Map<string, DurationMs>): void {
  const places = new Map(nodes.map((node) => [node.id, placeOf(node)]));
  for (const [index, id] of samples.entries()) {
    const where = places.get(id);
    if (where === undefined || IDLE.has(where)) continue;
    // A delta is the time before its sample; what came until then belongs to the sample before, which is near enough.
    selfMs.set(where, (selfMs.get(where) ?? 0) + Math.max(0, timeDeltas[index] ?? 0) / 1_000);
  }
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const file = url.startsWith('file:') ? fileURLToPath(url).replace(ROOT, '') : url;
  return `${file}:${lineNumber + 1} ${name}`;
}
