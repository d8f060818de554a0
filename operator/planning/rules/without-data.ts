import type { EpochMs } from '../../domain/units.ts';
import type { Candidate } from '../candidate.ts';
import { priced } from '../cost.ts';

/**
 * No intensity is known for any run that meets the deadline: the policy decides. `Run` starts as soon as there is
 * room, at home where it can; `Hold` waits for data, but never past the latest start.
 */
export function withoutData(
  earliest: readonly Candidate[],
  home: string | undefined,
  deadline: EpochMs,
): Candidate | undefined {
  const soonest = earliest.toSorted(
    (a, b) => a.expected.finishesAt - b.expected.finishesAt || atHome(b, home) - atHome(a, home),
  )[0];
  const atHomeInTime = earliest.find((candidate) => atHome(candidate, home) === 1);
  const choice = atHomeInTime ?? soonest;
  return choice?.seat.job.withoutData === 'Hold' ? heldUntilLatestStart(choice, deadline) : choice;
}

function atHome(candidate: Candidate, home: string | undefined): number {
  return candidate.seat.site.name === home ? 1 : 0;
}

function heldUntilLatestStart({ seat, windows, staging, expected }: Candidate, deadline: EpochMs): Candidate {
  const wait = Math.max(0, deadline - expected.finishesAt);
  const later = windows.map(({ startsAt, endsAt }) => ({ startsAt: startsAt + wait, endsAt: endsAt + wait }));
  return priced(seat, later, staging);
}
