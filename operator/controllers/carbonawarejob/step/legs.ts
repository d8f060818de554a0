import { legsOf, type Leg } from '../../../domain/decision.ts';
import { contains } from '../../../domain/interval.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { JobView } from '../job-view.ts';

/** Where the plan has the job run now; `undefined` where it waits. A plan that is not made anew in time still says where it goes on. */
export function legDue(view: Pick<JobView, 'decision' | 'now'>): Leg | undefined {
  return legsIn(view).find(({ windows }) => windows.some((window) => contains(window, view.now)));
}

/** Where it runs after that, and from when on. */
export function legToCome(view: JobView): { readonly leg: Leg; readonly startsAt: EpochMs } | undefined {
  for (const leg of legsIn(view)) {
    const next = leg.windows.find(({ startsAt }) => startsAt > view.now);
    if (next !== undefined) return { leg, startsAt: next.startsAt };
  }
  return undefined;
}

function legsIn({ decision }: Pick<JobView, 'decision'>): readonly Leg[] {
  return decision?.chosen === undefined ? [] : legsOf(decision.chosen);
}
