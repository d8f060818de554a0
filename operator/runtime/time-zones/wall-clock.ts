/** Milliseconds since 1970-01-01T00:00:00Z; the end does not belong to it. */
interface Stretch {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** A stretch of time within which nobody changes the clocks. */
export interface ClockSpan extends Stretch {
  /** How far the clocks are ahead of UTC. */
  readonly offsetMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Clocks are never changed to and fro within so short a time. */
const PROBE_MS = 24 * HOUR_MS;

/** The clocks on the walls of a time zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** `timeZone` as the IANA writes it: `Europe/Berlin`. Throws a RangeError where there is none of that name. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** The spans that an interval consists of, in order. */
  spansOf({ startsAt, endsAt }: Stretch): ClockSpan[] {
    const spans: ClockSpan[] = [];
    let span = { startsAt, offsetMs: this.offsetAt(startsAt) };
    for (let from = startsAt; from < endsAt; from += PROBE_MS) {
      const until = Math.min(from + PROBE_MS, endsAt - 1);
      const offsetMs = this.offsetAt(until);
      if (offsetMs === span.offsetMs) continue;
      const changedAt = this.#changeWithin(from, until);
      spans.push({ ...span, endsAt: changedAt });
      span = { startsAt: changedAt, offsetMs };
    }
    return startsAt < endsAt ? [...spans, { ...span, endsAt }] : [];
  }

  /**
   * How far the clocks are ahead of UTC. From `11/23/2026, GMT+01:00`; without figures where it is that of UTC, with seconds
   * in the first years of some zones.
   */
  offsetAt(instant: number): number {
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(this.#format.format(instant)) ?? [];
    const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
    return sign === '-' ? -offsetMs : offsetMs;
  }

  /** The first instant at which clocks show what they show at the end, by halving. */
  #changeWithin(from: number, until: number): number {
    const after = this.offsetAt(until);
    let before = from;
    let changed = until;
    while (changed - before > 1) {
      const middle = Math.floor((before + changed) / 2);
      if (this.offsetAt(middle) === after) changed = middle;
      else before = middle;
    }
    return changed;
  }
}
