import type { EpochMs } from '../../../domain/units.ts';
import { UTC_CLOCKS } from '../../../domain/weekly-hours/clock-spans.ts';
import { outsideSince, parseActiveHours } from '../../../domain/weekly-hours/active-hours.ts';
import { quietBelow, workedUntil } from '../activity/columns.ts';
import { allOf, type Finding, type Holder } from './holder.ts';
import { letGo } from './remedies.ts';
import { durationInWords, hasOrHave } from './words.ts';

/**
 * The owner says that they are not needed now, and none is known to have done even as much as the policy calls underused, both
 * for as long as makes a device idle. What is unknown makes no difference here: the owner has told. Work that was seen before
 * does, also where nothing is told any more. All pods must be outside of their hours, and hours that can't be read make no
 * finding.
 */
export function outsideHours(holder: Holder): Finding | undefined {
  const { activeHours, deviceName, devices, heldSince, now, policy, workload } = holder;
  const quiets = devices.flatMap(({ track }) =>
    track === undefined ? [] : (quietBelow(track, policy.underused.below) ?? []),
  );
  const worked = devices.flatMap(({ past }) => (past && workedUntil(past, policy.underused.below)) ?? []);
  let since = Math.max(...heldSince, ...worked, ...quiets.map((quiet) => quiet.since));
  for (const text of activeHours) {
    const outside = outsideHoursSince(text, holder);
    if (outside === undefined) return undefined;
    since = Math.max(since, outside);
  }
  if (devices.length === 0 || now - since < policy.idle.for) return undefined;
  const count = devices.length;
  const unknown = count - quiets.length;
  const does = unknown === 0 ? 'without much work' : `with nothing known of what ${whichOf(unknown, count)} now`;
  const hours = [...new Set(activeHours)].sort().join('" and "');
  return {
    wasted: allOf(holder),
    since,
    message: `${String(count)} ${deviceName} ${hasOrHave(count)} been held for ${durationInWords(now - since)} outside the active hours "${hours}", ${does}`,
    remedy: letGo(workload),
  };
}

function whichOf(unknown: number, count: number): string {
  if (unknown === count) return count === 1 ? 'it does' : 'they do';
  return unknown === 1 ? 'one of them does' : `${String(unknown)} of them do`;
}

/** `undefined` where it is needed now, at all times, or nobody can tell. */
function outsideHoursSince(text: string | undefined, { clocks, now }: Holder): EpochMs | undefined {
  const hours = text === undefined ? undefined : parseActiveHours(text);
  if (hours?.ok !== true) return undefined;
  const { timeZone } = hours.value;
  const shown = clocks.get(timeZone) ?? (timeZone === 'UTC' ? UTC_CLOCKS : undefined);
  return shown && outsideSince(hours.value, now, shown);
}
