import type { Interval } from '../../../operator/domain/interval.ts';
import { HOUR_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';
import type { Outage } from '../carbon/outage.ts';
import { between, timeAt, type DemoDay } from '../day/demo-day.ts';

/** Until an operator that was killed has been started again and has its lease back, on a machine that is busy. */
const TAKEOVER_MS: DurationMs = 10 * SECOND_MS;
/** Every job is due before it. */
const LAST_HOUR = 20;

/** When the operator could not do as planned, for what was done to it on purpose. */
export function disturbances(
  killedAt: readonly EpochMs[],
  outage: Outage | undefined,
  day: DemoDay,
): readonly Interval[] {
  const kills = killedAt.map((at) => ({ startsAt: at, endsAt: at + TAKEOVER_MS }));
  if (outage === undefined) return kills;
  const { startsAt, recoveredAt } = outage;
  const last = timeAt(day, LAST_HOUR);
  // A typical day is the same from now to the end of the demo, and so no reason for another plan, but for the full hour.
  const hourBegins = Math.floor(startsAt / HOUR_MS) < Math.floor(last / HOUR_MS);
  return [...kills, hourBegins ? between(day, 0, LAST_HOUR) : { startsAt, endsAt: recoveredAt ?? last }];
}
