import type { Candidate } from '../candidate.ts';
import { beatsBy, compareScores } from '../pricing/score.ts';

/**
 * Pausing is earned: a plan in pieces counts only if it beats the best one in one piece by a margin, the more so the less is
 * known of what comes.
 * The pieces' restarts are in their price already.
 */
export function withEarnedPauses(candidates: readonly Candidate[]): readonly Candidate[] {
  const whole = bestInOnePiece(candidates);
  if (whole === undefined) return candidates;
  return candidates.filter(
    ({ pauses, score }) => pauses === 0 || beatsBy(score, whole.score, whole.seat.pauseGainShare),
  );
}

/** What a plan in pieces must stay below to be earned, in the first entry of its score. */
export function scoreToBeat(candidates: readonly Candidate[]): number {
  const whole = bestInOnePiece(candidates);
  const score = whole?.score[0];
  return whole === undefined || score === undefined ? Infinity : score - whole.seat.pauseGainShare * Math.abs(score);
}

function bestInOnePiece(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.filter(({ pauses }) => pauses === 0).toSorted(byScore)[0];
}

export function byScore(a: Candidate, b: Candidate): number {
  return compareScores(a.score, b.score);
}
