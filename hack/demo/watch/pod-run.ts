import type { Interval } from '../../../operator/domain/interval.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';
import type { PodFacts } from './pod-facts.ts';

/** A pod's life as it was seen, to the millisecond where that can be known. */
export interface PodRun {
  readonly uid: string;
  readonly name: string;
  readonly job: string;
  readonly jobUid: string;
  readonly node: string | undefined;
  readonly gpus: number;
  readonly startedAt: EpochMs | undefined;
  readonly endedAt: EpochMs | undefined;
  readonly succeeded: boolean;
}

/** Takes in what the API server says of a pod at a time. */
export function withFacts(run: PodRun | undefined, facts: PodFacts, seenAt: EpochMs): PodRun {
  const { uid, name, job, jobUid, node, gpus, phase } = facts;
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const began = run?.startedAt ?? (facts.startedAt === undefined ? undefined : precise(facts.startedAt, seenAt));
  const ended = isOver ? (run?.endedAt ?? precise(facts.endedAt ?? seenAt, seenAt)) : undefined;
  return { uid, name, job, jobUid, node, gpus, startedAt: began, endedAt: ended, succeeded: phase === 'Succeeded' };
}

/** The pod is gone; one that ran until then has ended now. */
export function withEnd(run: PodRun, seenAt: EpochMs): PodRun {
  return run.startedAt === undefined || run.endedAt !== undefined ? run : { ...run, endedAt: seenAt };
}

/** The API server cuts times to the second. When we saw the change tells the rest, as far as it agrees. */
export function precise(cutToSecond: EpochMs, seenAt: EpochMs): EpochMs {
  return Math.min(Math.max(cutToSecond, seenAt), cutToSecond + SECOND_MS - 1);
}

/** The stretch in which a pod ran; up to `now` where it still does. */
export function runOf({ startedAt, endedAt }: PodRun, now: EpochMs): Interval | undefined {
  if (startedAt === undefined) return undefined;
  return { startsAt: startedAt, endsAt: Math.max(startedAt, endedAt ?? now) };
}

/** When any of these pods ran. Gaps of up to `gap`, in which one ends and the next begins, are no pauses. */
export function stretches(runs: readonly PodRun[], gap: DurationMs, now: EpochMs): readonly Interval[] {
  const merged: Interval[] = [];
  const intervals = runs.map((run) => runOf(run, now)).filter((run) => run !== undefined);
  for (const run of intervals.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const last = merged.at(-1);
    if (last === undefined || run.startsAt > last.endsAt + gap) merged.push(run);
    else merged[merged.length - 1] = { startsAt: last.startsAt, endsAt: Math.max(last.endsAt, run.endsAt) };
  }
  return merged;
}
