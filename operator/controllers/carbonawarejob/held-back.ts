import { SECOND_MS, type EpochMs } from '../../domain/units.ts';
import { completedWork } from './attempts/progress.ts';
import { handOn } from './attempts/whose-hand.ts';
import { ownWorkload, specOf, type JobView } from './job-view.ts';
import { progressOf } from './plannable/to-plannable.ts';

/** Who keeps a job from being planned: its user by `spec.suspend`, or somebody who suspended its Job. `undefined`: nobody. */
export function heldBackBy(view: JobView): 'User' | 'Other' | undefined {
  if (specOf(view)?.suspend === true) return 'User';
  return handOn(view.attempts, ownWorkload(view)) === 'SuspendedByOther' ? 'Other' : undefined;
}

/**
 * From when on a job that stands still can't finish in time any more, wherever it goes on: what is left of it at the speed of its
 * best accelerator, before its deadline. Where nobody has told its length that is the deadline itself. `undefined` where the
 * deadline is not known.
 */
export function tooLateFrom(view: JobView): EpochMs | undefined {
  const { attempts, deadline, now, record } = view;
  const spec = specOf(view);
  if (spec === undefined || deadline === undefined) return undefined;
  const work = completedWork({ ...progressOf(record, spec), attempts, runningSince: undefined }, now);
  const best = Math.max(...spec.accelerators.map(({ speed }) => speed), ...(spec.accelerators.length === 0 ? [1] : []));
  return deadline - Math.max(0, (spec.expectedDuration ?? 0) - work) / best;
}

/** When to look at it again because of that: a moment after {@link tooLateFrom}, where that is to come. */
export function lateAt(view: JobView): EpochMs | undefined {
  const from = tooLateFrom(view);
  return from === undefined || from < view.now ? undefined : Math.ceil(from) + SECOND_MS;
}
