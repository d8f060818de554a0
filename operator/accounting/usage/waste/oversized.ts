import { meanOver, quietBelow, type Track } from '../activity/columns.ts';
import type { DurationMs } from '../../../domain/units.ts';
import { useOf, type Finding, type Holder } from './holder.ts';
import { askLess, sentence } from './remedies.ts';
import { durationInWords, hasOrHave } from './words.ts';

/**
 * Some devices have worked over the longer of the policy's two times, and others never did in all of it: those. Work is counted
 * as if everything that is unknown were idle, and idleness only where it is known, so that a gap makes no finding.
 */
export function oversized({ deviceName, devices, policy, resource, workload }: Holder): Finding | undefined {
  const time = Math.max(policy.underused.for, policy.idle.for);
  const { below } = policy.idle;
  if (!devices.some(({ track }) => track !== undefined && meanOver(track, time).least >= below)) return undefined;
  const unused = devices.filter(({ track }) => track !== undefined && neverWorked(track, below, time));
  if (unused.length === 0) return undefined;
  const [all, count] = [devices.length, unused.length];
  return {
    wasted: useOf(unused),
    since: Math.max(...unused.map(({ track }) => (track === undefined ? 0 : (quietBelow(track, below)?.since ?? 0)))),
    message: `${String(count)} of ${String(all)} ${deviceName} ${hasOrHave(count)} been idle for ${durationInWords(time)} while others worked`,
    remedy: `${sentence(askLess(workload, resource))}, from ${String(all)} to ${String(all - count)} in all`,
  };
}

function neverWorked(track: Track, below: number, time: DurationMs): boolean {
  const quiet = quietBelow(track, below);
  return quiet !== undefined && quiet.until - quiet.since >= time;
}
