import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { WorkloadError } from '../../ports/workloads.ts';
import { closed, withoutOpen, type Attempt } from './attempts/attempts.ts';
import { isOwn, specOf } from './job-view.ts';
import { hasRun } from './attempts/progress.ts';
import { withAttempts, withRefusal, withWorkload, type Hands, type Session } from './session.ts';
import { nameTaken } from './step/next-step.ts';
import type { Step } from './step/step.ts';
import { writeStatus } from './write-status.ts';

export interface Outcome {
  readonly session: Session;
  /** Ask for the next step at once. */
  readonly goOn: boolean;
  /** Reconcile again by then, if nothing else asks for it. */
  readonly again?: EpochMs;
  /** Make no Job before then: the API server has refused it. */
  readonly createNotBefore?: EpochMs;
}

type StepOf<Do extends Step['do']> = Extract<Step, { do: Do }>;

/** For pods that are about to go. */
const SOON: DurationMs = SECOND_MS;
/** For a name that may become free, and a start that the API server has refused. */
const LATER: DurationMs = MINUTE_MS;

/** Carries a step out. Whatever is written goes through {@link Hands}. Throws what the API server says, a 409 included. */
export async function carryOut(step: Step, session: Session, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { view, findings } = session;
  switch (step.do) {
    case 'Wait':
      return { session, goOn: false, ...(step.until !== undefined && { again: step.until }) };
    case 'Refuse':
      return { session: withRefusal(session, step.refusal), goOn: false };
    case 'Fail':
      return { session: { ...session, findings: { ...findings, failure: step.refusal } }, goOn: false };
    case 'Create':
      return create(session, hands, abort);
    case 'Announce':
      return announce(session, step.attempt, hands, abort);
    case 'Retract':
      return { session: withAttempts(session, withoutOpen(view.attempts)), goOn: true };
    case 'Start':
      return start(session, step, hands, abort);
    case 'Suspend':
      return suspend(session, step, hands, abort);
    case 'Close':
      return { session: withAttempts(session, closed(view.attempts, step.end)), goOn: true };
    case 'Remake':
    case 'Remove':
      return remove(session, hands, abort);
  }
}

/** The API server's answer is the judgement of the template. Where an earlier Job was deleted, its pods must be gone. */
async function create(session: Session, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { view } = session;
  const { name, namespace = '', uid = '' } = view.record.metadata;
  const template = specOf(view)?.template ?? {};
  if (view.attempts.length > 0 && (await hands.workloads.hasLivePods({ name, namespace }, abort))) {
    return { session, goOn: false, again: view.now + SOON };
  }
  try {
    const workload = await hands.workloads.create({ owner: { name, namespace, uid }, template }, abort);
    return { session: withWorkload(session, workload), goOn: true };
  } catch (error) {
    if (!(error instanceof WorkloadError)) throw error;
    if (error.code === 'NameTaken') return meetNamesake(session, hands, abort);
    const createNotBefore = view.now + hands.settings.retryRefusedAfter;
    const refused = withRefusal(session, { reason: 'TemplateRefused', message: error.message });
    return { session: refused, goOn: false, again: createNotBefore, createNotBefore };
  }
}

/** There is a Job of that name which the cache doesn't have: someone else's, or our own that has lost its label. */
async function meetNamesake(session: Session, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { record, now } = session.view;
  const workload = await hands.workloads.read(record.metadata, abort);
  if (workload === undefined) return { session, goOn: false, again: now };
  if (isOwn(workload, record)) return { session: withWorkload(session, workload), goOn: true };
  const createNotBefore = now + LATER;
  const refused = withRefusal(session, nameTaken(record.metadata.name));
  return { session: refused, goOn: false, again: createNotBefore, createNotBefore };
}

/** A write of its own before the Job is started: whoever comes after a crash finds that it may have been. */
async function announce(session: Session, attempt: Attempt, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const attempts = [...withoutOpen(session.view.attempts), attempt];
  return { session: await writeStatus(withAttempts(session, attempts), hands, abort), goOn: true };
}

async function start(session: Session, step: StepOf<'Start'>, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { view } = session;
  if (view.workload === undefined) return { session, goOn: false };
  try {
    const workload = await hands.workloads.start(view.workload, step.start, abort);
    tellOfStart(session, hands);
    return { session: withWorkload(session, workload), goOn: true };
  } catch (error) {
    if (!(error instanceof WorkloadError)) throw error;
    if (error.code === 'CannotMove') return giveUpPlacing(session, hands, abort);
    const findings = { ...session.findings, startRefusal: error.message };
    return { session: { ...session, findings }, goOn: false, again: view.now + LATER };
  }
}

/** Written before the Job is deleted, so that nobody takes its absence for the end of the job. */
async function giveUpPlacing(session: Session, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { now, attempts } = session.view;
  const ended = closed(attempts, { at: now, ran: 0, reason: 'Moved' });
  return { session: await writeStatus(withAttempts(session, ended), hands, abort), goOn: true };
}

async function suspend(session: Session, step: StepOf<'Suspend'>, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { view } = session;
  if (view.workload === undefined) return { session, goOn: false };
  const workload = await hands.workloads.suspend(view.workload, step.end.reason, abort);
  const type = step.end.reason === 'Unschedulable' || step.end.reason === 'Idle' ? 'Warning' : 'Normal';
  hands.events.record(view.record, { type, reason: step.end.reason, action: 'Suspend', message: step.message });
  const ended = withAttempts(withWorkload(session, workload), closed(view.attempts, step.end));
  return { session: { ...ended, findings: { ...ended.findings, pauseMessage: step.message } }, goOn: true };
}

async function remove(session: Session, hands: Hands, abort: AbortSignal): Promise<Outcome> {
  const { workload, now } = session.view;
  if (workload !== undefined) await hands.workloads.delete(workload, abort);
  return { session, goOn: false, again: now + SOON };
}

function tellOfStart({ view }: Session, hands: Hands): void {
  const open = view.attempts.at(-1);
  const reason = hasRun(view.attempts) ? 'Resumed' : 'Started';
  const where = open?.product === undefined ? open?.site : `${open.site} on ${open.product}`;
  hands.events.record(view.record, { type: 'Normal', reason, action: 'Start', message: `${reason} at ${where ?? ''}` });
}
