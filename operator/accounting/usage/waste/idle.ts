import { quietTogether } from '../activity/quiet-together.ts';
import { allOf, type Finding, type Holder } from './holder.ts';
import { letGo } from './remedies.ts';
import { durationInWords, hasOrHave } from './words.ts';

/** No device has worked for as long as the policy says. One that nothing is known of may have. */
export function idle(holder: Holder): Finding | undefined {
  const { deviceName, devices, policy, workload } = holder;
  const tracks = devices.map(({ track }) => track);
  const quiet = quietTogether(tracks, policy.idle.below);
  if (quiet === undefined) return undefined;
  const idleFor = quiet.until - quiet.since;
  if (idleFor < policy.idle.for) return undefined;
  const count = devices.length;
  return {
    wasted: allOf(holder),
    since: quiet.since,
    message: `${String(count)} ${deviceName} ${hasOrHave(count)} been idle for ${durationInWords(idleFor)}`,
    remedy: letGo(workload),
  };
}
