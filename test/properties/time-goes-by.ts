import type { Plan } from '../../operator/domain/decision.ts';
import type { IntensitySeries } from '../../operator/domain/intensity.ts';
import type { EpochMs } from '../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';
import { Course } from '../../operator/simulation/course.ts';
import { worldOf } from '../../operator/simulation/world.ts';

/**
 * The snapshot as it stands later, when everybody has done what the plan said: some jobs run or pause, some are done and gone.
 * No devices are yet to come.
 */
export function laterOn(snapshot: PlanningSnapshot, { decisions }: Plan, later: EpochMs): PlanningSnapshot {
  const { now, slot, sites, tuning } = snapshot;
  const came = new Map<string, IntensitySeries>(
    sites.flatMap(({ zone, outlooks }) => (outlooks.Average === undefined ? [] : [[zone, outlooks.Average.series]])),
  );
  const world = worldOf({ slot, sites, came, foresight: () => undefined, tuning });
  const jobs = snapshot.jobs.flatMap((asked) => {
    const course = new Course(world, { asked });
    const decision = decisions.get(asked.key);
    if (decision !== undefined) course.promise(decision, now);
    for (let instant = now; instant <= later; instant = course.nextHappening(instant)) {
      course.endWhatIsDue(instant);
      const due = course.startDue(instant);
      if (due !== undefined) course.start(due, instant, 0);
    }
    return course.isOver ? [] : [course.plannable(later)];
  });
  return { ...snapshot, now: later, jobs };
}
