import type { EpochMs } from '../../operator/domain/units.ts';
import type { Clock } from '../../operator/ports/clock.ts';

/** Time stands still, so that an adapter asks the same when it is recorded and when the recording is played back. */
export function clockFixedAt(instant: EpochMs): Clock {
  return {
    now: () => instant,
    sleep: () => Promise.reject(new Error('time stands still here: nothing that sleeps would ever wake')),
  };
}
