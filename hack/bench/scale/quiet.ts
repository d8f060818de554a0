import type { DurationMs } from '../../../operator/domain/units.ts';
import { waitFor } from '../../controlplane/process/wait.ts';
import { tallyAudit, total } from '../observe/audit-tally.ts';
import type { OperatorProcess } from '../operator-process.ts';
import { OPERATOR_USER, type Ground } from './ground.ts';

const LOOK_EVERY_MS: DurationMs = 500;
/** Longer than from a change of the file, which is looked at every 5 s, to the start of a plan. */
const QUIET_MS: DurationMs = 10_000;
const LONGEST_MS: DurationMs = 900_000;

/**
 * Resolves when the operator has asked nothing of the API server for a while, its lease apart, with the time of its last
 * request. Looks into the audit log: a scrape would be work for the operator.
 * @param cyclesAfter more planning cycles than so many must have ended since its start
 */
export async function untilQuiet(
  { audit }: Pick<Ground, 'audit'>,
  operator: Pick<OperatorProcess, 'scrape'>,
  cyclesAfter: number,
  abort: AbortSignal,
): Promise<DurationMs> {
  let readTo = await audit.mark();
  let lastRequestAt = performance.now();
  return waitFor(
    { for: 'the operator to have nothing to do', timeoutMs: LONGEST_MS, intervalMs: LOOK_EVERY_MS, abort },
    async () => {
      const end = await audit.mark();
      const { requests } = await tallyAudit(audit.between(readTo, end, OPERATOR_USER), OPERATOR_USER);
      readTo = end;
      if (total(withoutLeases(requests)) > 0) lastRequestAt = performance.now();
      if (performance.now() - lastRequestAt < QUIET_MS) return undefined;
      return (await planningCycles(operator)) > cyclesAfter ? lastRequestAt : undefined;
    },
  );
}

/** Planning cycles that have ended since the operator started. */
export async function planningCycles(operator: Pick<OperatorProcess, 'scrape'>): Promise<number> {
  return (await operator.scrape()).sum('sunward_planning_cycle_seconds_count');
}

function withoutLeases(requests: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(requests).filter(([what]) => !what.endsWith(' leases')));
}
