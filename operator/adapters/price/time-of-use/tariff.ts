import type { DurationMs } from '../../../domain/units.ts';
import {
  DAYS,
  isWithin,
  readTimeOfDay,
  type ClockTime,
  type Day,
  type WeeklyWindow,
} from '../../../domain/weekly-hours/weekly-window.ts';
import { WallClock } from '../../../runtime/time-zones/wall-clock.ts';

/** One price of some hours of the day. */
export interface TimeOfUseWindow {
  /** On which it begins. Default: every day. */
  readonly days?: readonly Day[];
  /** `HH:MM` on the clocks of the time zone. */
  readonly from: string;
  /** `HH:MM`, or `24:00`. Where it is earlier than `from` the window ends on the next day. */
  readonly until: string;
  /** Negative where the contract pays for consumption. */
  readonly perKWh: number;
}

/** What a contract says. */
export interface TimeOfUseTariff {
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** The price where no window applies. */
  readonly otherwisePerKWh: number;
  /** The first one that applies holds. */
  readonly windows: readonly TimeOfUseWindow[];
}

interface Window extends WeeklyWindow {
  readonly perKilowattHour: number;
}

/** A tariff that has been read. */
export interface Tariff {
  readonly currency: string;
  readonly clock: WallClock;
  readonly windows: readonly Window[];
  readonly otherwise: number;
  /** Times of day at which the price may change, in order; midnight is one, because the day of the week is. */
  readonly edges: readonly DurationMs[];
}

/** Throws a RangeError that names the field below `place`, its value and the remedy. */
export function readTariff(place: string, written: TimeOfUseTariff): Tariff {
  const { currency, timeZone, otherwisePerKWh } = written;
  if (!/^[A-Z]{3}$/.test(currency)) refuse(`${place}.currency`, currency, 'write an ISO 4217 code, e.g. EUR');
  const windows = written.windows.map((window, k) => readWindow(`${place}.windows[${String(k)}]`, window));
  return {
    currency,
    clock: clockOf(`${place}.timeZone`, timeZone),
    windows,
    otherwise: price(`${place}.otherwisePerKWh`, otherwisePerKWh),
    edges: [...new Set([0, ...windows.flatMap(({ from, until }) => [from, until])])].sort((a, b) => a - b),
  };
}

export function priceAt({ windows, otherwise }: Tariff, shown: ClockTime): number {
  return windows.find((window) => isWithin(window, shown))?.perKilowattHour ?? otherwise;
}

function readWindow(place: string, { days = DAYS, from, until, perKWh }: TimeOfUseWindow): Window {
  if (days.length === 0)
    refuse(`${place}.days`, days, `leave it out for every day, or name some of ${DAYS.join(', ')}`);
  const stranger = days.find((day) => !DAYS.includes(day));
  if (stranger !== undefined) refuse(`${place}.days`, stranger, `write some of ${DAYS.join(', ')}`);
  const window = {
    days: new Set(days.map((day) => DAYS.indexOf(day))),
    from: timeOfDay(`${place}.from`, from, '23:59'),
    until: timeOfDay(`${place}.until`, until, '24:00'),
    perKilowattHour: price(`${place}.perKWh`, perKWh),
  };
  if (window.from === window.until) {
    refuse(`${place}.until`, until, 'it is the same as from; for a whole day write from 00:00 and until 24:00');
  }
  return window;
}

function clockOf(place: string, timeZone: string): WallClock {
  try {
    return new WallClock(timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(place, timeZone, 'write the IANA name of a time zone, e.g. Europe/Berlin');
  }
}

function timeOfDay(place: string, text: string, last: string): DurationMs {
  return readTimeOfDay(text, last) ?? refuse(place, text, `write a time of day as HH:MM, from 00:00 to ${last}`);
}

function price(place: string, value: number): number {
  return Number.isFinite(value) ? value : refuse(place, value, 'write a price per kWh, e.g. 0.28');
}

function refuse(place: string, value: unknown, remedy: string): never {
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  throw new RangeError(`time-of-use: ${place}: ${shown} is not allowed; ${remedy}`);
}
