import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { EventRecorder } from '../../ports/events.ts';
import type { SuspendableWorkload, Workload } from '../../ports/workloads.ts';
import type { Attempt } from './attempts/attempts.ts';
import type { Refusal } from './job-record.ts';
import type { JobView } from './job-view.ts';
import type { JobStatusWriter } from './status-writer.ts';
import type { Findings } from './status/findings.ts';

/** Everything through which a reconcile changes the world. */
export interface Hands {
  readonly workloads: SuspendableWorkload;
  readonly statuses: JobStatusWriter;
  readonly events: EventRecorder;
  readonly settings: ApplySettings;
}

export interface ApplySettings {
  /** Length of the planner's slot: a start that moves by less is not worth a write. */
  readonly slot: DurationMs;
  /** After the API server refused a Job. */
  readonly retryRefusedAfter: DurationMs;
}

/** A job in the middle of a reconcile: what is known, what was found out, and what governs it. */
export interface Session {
  readonly view: JobView;
  readonly findings: Findings;
  readonly policy: EffectivePolicy;
}

export function withWorkload(session: Session, workload: Workload | undefined): Session {
  return { ...session, view: { ...session.view, workload } };
}

export function withAttempts(session: Session, attempts: readonly Attempt[]): Session {
  return { ...session, view: { ...session.view, attempts } };
}

export function withRefusal(session: Session, refusal: Refusal): Session {
  return { ...session, findings: { ...session.findings, refusal } };
}
