import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { shortened } from '../../../api/v1alpha1/conditions.ts';

/** What a status may take as JSON, so that ten thousand of them stay a light load for the API server. */
export const MAX_STATUS_BYTES = 8 * 1024;

type Shorten = (status: CarbonAwareJobStatus) => CarbonAwareJobStatus;

/** What is given up, in this order, until the status fits. Attempts are never dropped here: a restart needs them. */
const SHORTENINGS: readonly Shorten[] = [
  (status) => withAlternativeMessages(status, 120),
  (status) => withConditionMessages(status, 400),
  (status) => withAlternativeMessages(status, 0),
  (status) => withWindows(status, 16),
  ({ alternatives: _, ...status }) => status,
  (status) => withPlanMessage(withConditionMessages(status, 120), 120),
  (status) => withWindows(status, 4),
];

export function fitted(status: CarbonAwareJobStatus): CarbonAwareJobStatus {
  let fit = status;
  for (const shorten of SHORTENINGS) {
    if (sizeOf(fit) <= MAX_STATUS_BYTES) return fit;
    fit = shorten(fit);
  }
  return fit;
}

export function sizeOf(status: CarbonAwareJobStatus): number {
  return Buffer.byteLength(JSON.stringify(status));
}

function withAlternativeMessages(status: CarbonAwareJobStatus, length: number): CarbonAwareJobStatus {
  if (status.alternatives === undefined) return status;
  const alternatives = status.alternatives.map(({ message = '', ...rest }) =>
    length === 0 ? rest : { ...rest, message: shortened(message, length) },
  );
  return { ...status, alternatives };
}

function withConditionMessages(status: CarbonAwareJobStatus, length: number): CarbonAwareJobStatus {
  if (status.conditions === undefined) return status;
  const conditions = status.conditions.map((condition) => ({
    ...condition,
    message: shortened(condition.message, length),
  }));
  return { ...status, conditions };
}

function withPlanMessage(status: CarbonAwareJobStatus, length: number): CarbonAwareJobStatus {
  if (status.plan?.message === undefined) return status;
  return { ...status, plan: { ...status.plan, message: shortened(status.plan.message, length) } };
}

/** The first of them, at all sites together. */
function withWindows(status: CarbonAwareJobStatus, most: number): CarbonAwareJobStatus {
  if (status.plan?.windows === undefined) return status;
  const { moves = [], ...plan } = status.plan;
  const windows = status.plan.windows.slice(0, most);
  let room = most - windows.length;
  const fewer = moves.flatMap((move) => {
    const some = move.windows.slice(0, room);
    room -= some.length;
    return some.length === 0 ? [] : [{ ...move, windows: some }];
  });
  return { ...status, plan: { ...plan, windows, ...(fewer.length > 0 && { moves: fewer }) } };
}
