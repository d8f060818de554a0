import { EXPECTED_UTILISATION } from '../../../domain/accelerators/accelerator-power.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { activeNow, meanOver, reachesBack, workedUntil } from '../activity/columns.ts';
import type { Finding, Holder, HeldTrack } from './holder.ts';
import { allOf } from './holder.ts';
import { askLess, letGo, sentence } from './remedies.ts';
import { durationInWords, hasOrHave, percentInWords } from './words.ts';

/**
 * All devices together have worked less than the policy says over its time, even if they worked whenever it is unknown what they
 * did. Of those that never did it is known for too short a time, or not without gaps, or they would be idle. What could be let go
 * is what they fall short of a device that works as jobs are expected to; at the power of idle devices, because what the work
 * draws it would draw on fewer devices as well. All of them could where they have worked less than counts as idle, now and then.
 */
export function underused(holder: Holder): Finding | undefined {
  const { deviceName, devices, idlePower, now, policy, resource, workload } = holder;
  const { below, for: time } = policy.underused;
  if (devices.length === 0 || !devices.every((device) => wasHeldFor(device, time))) return undefined;
  const mean = meanOfAll(devices, time);
  const isNextToIdle = mean < policy.idle.below;
  const share = isNextToIdle ? 1 : 1 - mean / EXPECTED_UTILISATION;
  if (mean >= below || share <= 0) return undefined;
  const all = allOf(holder);
  const count = all.devices;
  return {
    wasted: { devices: share * count, power: share * Math.min(all.power, count * idlePower) },
    since: now - time,
    message: `${String(count)} ${deviceName} ${hasOrHave(count)} worked at most ${percentInWords(Math.max(0.01, mean))} of the last ${durationInWords(time)}`,
    remedy:
      !isNextToIdle && devices.some((device) => hasWorked(device, policy.idle.below, now - time))
        ? `${sentence(askLess(workload, resource))}, or choose a smaller product or an instance (MIG) of one`
        : letGo(workload),
  };
}

function hasWorked({ track }: HeldTrack, least: number, after: EpochMs): boolean {
  return track !== undefined && (workedUntil(track, least) ?? -Infinity) > after;
}

/** Also one that nothing is known of. */
function wasHeldFor({ track }: HeldTrack, time: number): boolean {
  return track === undefined || reachesBack(track, time);
}

/** A device of which it is not known what it does now counts as one that worked all the time. */
function meanOfAll(devices: readonly HeldTrack[], time: number): number {
  let sum = 0;
  for (const { track } of devices) {
    sum += track === undefined || activeNow(track) === undefined ? 1 : meanOver(track, time).most;
  }
  return sum / devices.length;
}
