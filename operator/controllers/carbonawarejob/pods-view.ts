import type { EpochMs } from '../../domain/units.ts';
import type { Workload, WorkloadPod } from '../../ports/workloads.ts';

/** What the pods of a job say together. */
export interface PodsView {
  readonly running: number;
  /** When the first of those that run now began. */
  readonly runningSince?: EpochMs;
  /** Since when all that there are have run; absent while one does not. */
  readonly allSince?: EpochMs;
  /** Pods for which the scheduler finds no node: since when the first of them waits, and its words. */
  readonly unschedulable?: { readonly count: number; readonly since: EpochMs; readonly message: string };
}

export const NO_PODS: PodsView = { running: 0 };

export function podsView(pods: readonly WorkloadPod[], workload: Workload | undefined): PodsView {
  const own = pods.filter(({ workloadUid }) => workloadUid === workload?.metadata.uid);
  const running = own.filter((pod) => pod.running);
  const waiting = own.flatMap((pod) => pod.unschedulable ?? []).toSorted((a, b) => a.since - b.since);
  const starts = running.flatMap(({ startedAt }) => startedAt ?? []);
  const staying = own.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const isWhole = starts.length > 0 && starts.length === staying.length;
  const [first] = waiting;
  return {
    running: running.length,
    ...(starts.length > 0 && { runningSince: Math.min(...starts) }),
    ...(isWhole && { allSince: Math.max(...starts) }),
    ...(first !== undefined && { unschedulable: { count: waiting.length, ...first } }),
  };
}
