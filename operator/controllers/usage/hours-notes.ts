import type { UsageReason } from '../../api/v1alpha1/reasons.ts';
import type { HoldingPod } from '../../accounting/usage/usage-snapshot.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { EventRecorder } from '../../ports/events.ts';
import { activeHoursProblem } from './clocks.ts';
import { regarding, TOLD_AGAIN_MS } from './told-again.ts';

/** Tells workloads whose active hours can't be read: until then they count as needed at all times. */
export class HoursNotes {
  readonly #events: EventRecorder;
  /** When each workload was told of each text. */
  #told: ReadonlyMap<string, EpochMs> = new Map();

  constructor(events: EventRecorder) {
    this.#events = events;
  }

  tell(pods: readonly HoldingPod[], now: EpochMs): void {
    const told = new Map<string, EpochMs>();
    for (const { activeHours, workload } of pods) {
      const problem = activeHours === undefined ? undefined : activeHoursProblem(activeHours);
      if (problem === undefined) continue;
      const key = `${workload.namespace} ${workload.uid} ${workload.name} ${activeHours ?? ''}`;
      if (told.has(key)) continue;
      const before = this.#told.get(key) ?? -Infinity;
      const isNews = now - before >= TOLD_AGAIN_MS || before > now;
      told.set(key, isNews ? now : before);
      if (isNews) this.#events.record(regarding(workload), note(problem));
    }
    this.#told = told;
  }
}

function note(problem: string) {
  const reason = 'ActiveHoursUnreadable' satisfies UsageReason;
  return { type: 'Warning', reason, action: 'Assess', message: `sunward.dev/active-hours: ${problem}` } as const;
}
