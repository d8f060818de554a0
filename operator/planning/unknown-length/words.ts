import { formatDuration } from '../../domain/duration.ts';
import type { ExpectedLength, LengthKinship, LengthSource } from '../../domain/length/length-belief.ts';
import { MINUTE_MS } from '../../domain/units.ts';

const KIN: Readonly<Record<LengthKinship, string>> = {
  Template: 'of the same template',
  Workload: 'with the same label sunward.dev/workload',
  Owner: 'of the same owner',
  Namespace: 'of the namespace',
};

/** What the length of a job is taken for that nobody has told, and from what. */
export function lengthInWords({ work, learntFrom }: ExpectedLength): string {
  const minutes = Math.ceil(work / MINUTE_MS) * MINUTE_MS;
  return `nobody told its length: planned for up to ${formatDuration(minutes)}, ${sourceInWords(learntFrom)}`;
}

function sourceInWords(learntFrom: LengthSource | undefined): string {
  if (learntFrom === undefined) return 'since no job like it has finished yet';
  const { kinship, runs } = learntFrom;
  return `learnt from ${String(runs)} finished ${runs === 1 ? 'job' : 'jobs'} ${KIN[kinship]}`;
}
