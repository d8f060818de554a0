import type { DurationMs } from '../../domain/units.ts';
import { isOver } from './job-record.ts';
import { specOf } from './job-view.ts';
import type { Hands, Session } from './session.ts';
import { changeNotes } from './status/change-notes.ts';
import { isUnheardOf } from './status/findings.ts';
import { changedMaterially, type Tolerance } from './status/material.ts';
import { statusOf } from './status/status-of.ts';

/** The finish of a job that runs shifts with every look at it: worth a write only by this share of its duration. */
const FINISH_TOLERANCE_SHARE = 0.1;

/** Writes the status where it says something new, tells people of it, and goes on with the job as it then is. */
export async function writeStatus(session: Session, hands: Hands, abort: AbortSignal): Promise<Session> {
  const { view, findings, policy } = session;
  if (isUnheardOf(view, findings)) return session;
  const before = view.record.status;
  const tolerance = toleranceFor(session, hands.settings.slot);
  const after = statusOf(view, findings, policy);
  if (!changedMaterially(before, after, tolerance)) return session;
  const record = await hands.statuses.write(view.record, after, abort);
  if (!isOver(view.record)) {
    for (const note of changeNotes(before, after, hands.settings.slot)) hands.events.record(view.record, note);
  }
  return { ...session, view: { ...view, record, attempts: record.attempts } };
}

function toleranceFor({ view }: Session, slot: DurationMs): Tolerance {
  const duration = specOf(view)?.expectedDuration ?? view.decision?.length?.work ?? 0;
  return { slot, finish: Math.max(slot, FINISH_TOLERANCE_SHARE * duration) };
}
