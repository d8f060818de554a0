import type { Parsed } from '../parsed.ts';
import type { DurationMs, EpochMs } from '../units.ts';
import { lastShown, offsetAt, type ClockSpan } from './clock-spans.ts';
import { clockTimeAt, DAY_MS, DAYS, readTimeOfDay, timeSince, type Day, type WeeklyWindow } from './weekly-window.ts';

/** When something is needed; at all other times it is not. */
export interface ActiveHours {
  readonly windows: readonly WeeklyWindow[];
  /** As the IANA writes it: `Europe/Berlin`. Whether there is one of that name is not known here. */
  readonly timeZone: string;
}

const EXAMPLE = 'Mon-Fri 08:00-18:00 Europe/Berlin';
const WINDOW = /^(?:(?<days>[^\s:]+)\s+)?(?<from>\d\d:\d\d)-(?<until>\d\d:\d\d)(?:\s+(?<zone>[A-Za-z][\w+/-]*))?$/;

type WindowText = Readonly<Record<'from' | 'until', string>> & { readonly days?: string; readonly zone?: string };

/**
 * Reads e.g. `Mon-Fri 08:00-18:00 Europe/Berlin` or `Mon,Wed 22:00-06:00; Sat-Sun 00:00-24:00`: windows between `;`, each on
 * some days (without them on every day), and a time zone behind any or all of them that is the same for all (without it UTC).
 * Ranges of days may go over the end of the week, windows over midnight: those belong to the day on which they begin.
 */
export function parseActiveHours(text: string): Parsed<ActiveHours> {
  const windows: WeeklyWindow[] = [];
  const zones = new Set<string>();
  for (const part of text.split(';').map((each) => each.trim())) {
    const found = WINDOW.exec(part)?.groups as WindowText | undefined;
    if (found === undefined) return refusal(text, `"${part}" is not days and hours; write it like ${EXAMPLE}`);
    const window = readWindow(found);
    if (!window.ok) return refusal(text, window.message);
    windows.push(window.value);
    if (found.zone !== undefined) zones.add(found.zone);
  }
  const [timeZone = 'UTC', another] = zones;
  if (another !== undefined) {
    return refusal(text, `it has two time zones, ${timeZone} and ${another}; write all hours in one of them`);
  }
  return { ok: true, value: { windows, timeZone } };
}

/** What to say where nobody knows the time zone: whoever has a table of them asks it. */
export function timeZoneUnknown(text: string, { timeZone }: ActiveHours): string {
  return `"${text}": nobody knows the time zone ${timeZone}; write the IANA name of one, e.g. Europe/Berlin`;
}

/** How long before now it must be known what clocks showed: a window that comes once a week may have ended longer ago than that. */
export const CLOCKS_BACK_MS: DurationMs = 9 * DAY_MS;

/**
 * Since when it has not been needed; `undefined` where it is needed now.
 * @param clocks of its time zone, from {@link CLOCKS_BACK_MS} ago on
 */
export function outsideSince(
  { windows }: ActiveHours,
  now: EpochMs,
  clocks: readonly ClockSpan[],
): EpochMs | undefined {
  const ahead = offsetAt(clocks, now);
  const shown = clockTimeAt(now, ahead);
  let least = Infinity;
  for (const window of windows) {
    const since = timeSince(window, shown);
    if (since === undefined) return undefined;
    least = Math.min(least, since);
  }
  return lastShown(clocks, now + ahead - least);
}

function readWindow({ days, from, until }: WindowText): Parsed<WeeklyWindow> {
  const some = days === undefined ? DAYS.map((_, day) => day) : readDays(days);
  if (some === undefined) {
    return {
      ok: false,
      message: `"${days ?? ''}" are no days; write some of ${DAYS.join(', ')}, like Mon-Fri or Mon,Wed`,
    };
  }
  const begins = readTimeOfDay(from, '23:59');
  if (begins === undefined) return { ok: false, message: `no clock shows "${from}"; write 00:00 to 23:59` };
  const ends = readTimeOfDay(until, '24:00');
  if (ends === undefined) return { ok: false, message: `no clock shows "${until}"; write 00:00 to 24:00` };
  if (begins === ends) {
    return { ok: false, message: `"${from}-${until}" has no length; for a whole day write 00:00-24:00` };
  }
  return { ok: true, value: { days: new Set(some), from: begins, until: ends } };
}

/** `Mon,Wed`, `Mon-Fri`, `Fri-Mon,Wed`; `undefined` where one is no day. */
function readDays(text: string): readonly number[] | undefined {
  const days: number[] = [];
  for (const range of text.split(',')) {
    const [first = -1, last = first, ...more] = range.split('-').map((day) => DAYS.indexOf(day as Day));
    if (first < 0 || last < 0 || more.length > 0) return undefined;
    const count = ((last - first + DAYS.length) % DAYS.length) + 1;
    for (let k = 0; k < count; k++) days.push((first + k) % DAYS.length);
  }
  return days;
}

function refusal(text: string, what: string): { readonly ok: false; readonly message: string } {
  const isWhole = what.startsWith(`"${text}"`);
  return { ok: false, message: isWhole ? what : `"${text}": ${what}` };
}
