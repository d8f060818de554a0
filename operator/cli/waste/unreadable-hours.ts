import type { HoldingPod } from '../../accounting/usage/usage-snapshot.ts';
import { ACTIVE_HOURS_ANNOTATION } from '../../api/v1alpha1/labels.ts';
import { activeHoursProblem } from '../../controllers/usage/clocks.ts';
import { listed } from '../show/words.ts';
import type { UnreadableHours, WasteChoice } from './sight.ts';
import { labelOf } from './words.ts';

/** One for each pod. */
export function unreadableHoursOf(pods: readonly HoldingPod[]): readonly UnreadableHours[] {
  return pods.flatMap(({ activeHours, workload }) => {
    const problem = activeHours === undefined ? undefined : activeHoursProblem(activeHours);
    return problem === undefined ? [] : [{ workload, problem }];
  });
}

/** All workloads of a namespace may go by its text. */
const MOST_NAMED = 3;

/** Each text once, in the words of the operator's events, with the workloads that go by it. */
export function hoursNotes(unreadable: readonly UnreadableHours[], { namespace }: WasteChoice): readonly string[] {
  const withNamespace = namespace === undefined;
  const whose = new Map<string, Set<string>>();
  for (const { problem, workload } of unreadable) {
    if (!withNamespace && workload.namespace !== namespace) continue;
    whose.set(problem, (whose.get(problem) ?? new Set()).add(labelOf({ workload }, { withNamespace })));
  }
  return [...whose].map(([problem, names]) => `${someOf([...names])}: ${ACTIVE_HOURS_ANNOTATION}: ${problem}`);
}

function someOf(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return listed(rest > 0 ? [...names.slice(0, MOST_NAMED), `${String(rest)} more`] : names);
}
