import type { Candidate } from '../candidate.ts';

/**
 * No intensity is known for any run that meets the deadline: the policy decides. `Run` starts as soon as there is
 * room, at home where it can; `Hold` waits for data, but never past the latest start that there is room for.
 */
export function withoutData(
  earliest: readonly Candidate[],
  home: string | undefined,
  holdBack: (candidate: Candidate) => Candidate,
): Candidate | undefined {
  const soonest = earliest.toSorted(
    (a, b) => a.expected.finishesAt - b.expected.finishesAt || atHome(b, home) - atHome(a, home),
  )[0];
  const atHomeInTime = earliest.find((candidate) => atHome(candidate, home) === 1);
  const choice = atHomeInTime ?? soonest;
  return choice?.seat.job.withoutData === 'Hold' ? holdBack(choice) : choice;
}

function atHome(candidate: Candidate, home: string | undefined): number {
  return candidate.seat.site.name === home ? 1 : 0;
}
