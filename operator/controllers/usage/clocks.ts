import type { ClockSpan } from '../../domain/weekly-hours/clock-spans.ts';
import { CLOCKS_BACK_MS, parseActiveHours, timeZoneUnknown } from '../../domain/weekly-hours/active-hours.ts';
import type { EpochMs } from '../../domain/units.ts';
import { WallClock } from '../../runtime/time-zones/wall-clock.ts';

/** Making a clock takes a while, and there are few time zones that anybody names. `undefined`: there is none of that name. */
const CLOCKS = new Map<string, WallClock | undefined>();
/** So that names that are made up don't fill the memory. */
const MOST_CLOCKS = 1_000;

/** What clocks showed of late and show now, by the time zones that some active hours name; those that nobody knows are left out. */
export function clocksOf(
  activeHours: Iterable<string | undefined>,
  now: EpochMs,
): ReadonlyMap<string, readonly ClockSpan[]> {
  const clocks = new Map<string, readonly ClockSpan[]>();
  const interval = { startsAt: now - CLOCKS_BACK_MS, endsAt: now + 1 };
  for (const text of new Set(activeHours)) {
    const hours = text === undefined ? undefined : parseActiveHours(text);
    const clock = hours?.ok === true ? clockOf(hours.value.timeZone) : undefined;
    if (hours?.ok === true && clock !== undefined) clocks.set(hours.value.timeZone, clock.spansOf(interval));
  }
  return clocks;
}

/** What is wrong with a text of active hours, in one sentence that names the value and the remedy; `undefined` where nothing is. */
export function activeHoursProblem(text: string): string | undefined {
  const hours = parseActiveHours(text);
  if (!hours.ok) return hours.message;
  return clockOf(hours.value.timeZone) === undefined ? timeZoneUnknown(text, hours.value) : undefined;
}

function clockOf(timeZone: string): WallClock | undefined {
  if (!CLOCKS.has(timeZone)) {
    if (CLOCKS.size >= MOST_CLOCKS) CLOCKS.clear();
    CLOCKS.set(timeZone, newClock(timeZone));
  }
  return CLOCKS.get(timeZone);
}

function newClock(timeZone: string): WallClock | undefined {
  try {
    return new WallClock(timeZone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
