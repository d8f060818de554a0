import type { Interval } from '../../operator/domain/interval.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

/** Figures are asked for as `GB` (Great Britain as a whole) and `GB-1` to `GB-17` (regions), gCO2/kWh. */
export interface UkCarbonIntensityOptions extends StandInOptions {
  /** What came, where it is not what was expected. */
  readonly actuals?: StandInOptions['figures'];
  /** Rows that end later have no actual figure yet. Default: `now`. */
  readonly settledUntil?: () => EpochMs;
  /** Length of a row, whole seconds. Default half an hour; times of shorter ones carry seconds. */
  readonly rowMs?: DurationMs;
  /** The time that there are rows of. Default: all that was, and 96 rows ahead. */
  readonly covers?: () => Interval;
  /** How a region's rows come: as an object, which is recorded (default), or in a list, which is documented. */
  readonly regionsIn?: 'object' | 'list';
}

const ROWS_AHEAD = 96;
const LONGEST_QUESTION_MS = 14 * 24 * HOUR_MS;
const LAST_REGION = 17;

/** The Carbon Intensity API of Great Britain: `/intensity/…` and `/regional/intensity/…/regionid/{id}`, as recorded in 2025 and 2026. */
export class UkCarbonIntensityStandIn extends StandIn {
  constructor(options: UkCarbonIntensityOptions) {
    super((request) => answer(request, options));
  }
}

function answer({ path }: StandInRequest, options: UkCarbonIntensityOptions): StandInReply {
  const asked = /^(\/regional)?\/intensity\/([^/]+)\/([^/]+)(?:\/regionid\/([^/]+))?$/.exec(path);
  if (asked === null || (asked[1] === undefined) !== (asked[4] === undefined)) {
    return { status: 404, body: { error: { code: '404 Not Found', message: 'No such endpoint.' } } };
  }
  const span = spanOf(asked[2] ?? '', asked[3] ?? '');
  if (typeof span === 'string') return badRequest(span);
  if (asked[4] === undefined) return { body: { data: rows('GB', span, options) } };
  return regional(Number(asked[4]), span, options);
}

function regional(regionid: number, span: Interval, options: UkCarbonIntensityOptions): StandInReply {
  if (!Number.isInteger(regionid) || regionid < 1 || regionid > LAST_REGION) {
    return badRequest('Please enter a valid region id, 1 to 17.');
  }
  const names = { dnoregion: `Network ${regionid}`, shortname: `Region ${regionid}` };
  const region = { regionid, ...names, data: rows(`GB-${regionid}`, span, options) };
  return { body: { data: options.regionsIn === 'list' ? [region] : region } };
}

/** What is asked for, or what is wrong with it. */
function spanOf(from: string, to: string): Interval | string {
  const minute = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;
  const windows: Readonly<Record<string, number>> = { fw24h: 24, fw48h: 48, pt24h: -24 };
  const hours = windows[to];
  if (!minute.test(from) || (hours === undefined && !minute.test(to))) {
    return 'Please enter a valid date in ISO8601 format YYYY-MM-DDThh:mmZ.';
  }
  const edge = Date.parse(from);
  const other = hours === undefined ? Date.parse(to) : edge + hours * HOUR_MS;
  const span = { startsAt: Math.min(edge, other), endsAt: Math.max(edge, other) };
  if (hours === undefined && other <= edge) return 'The start date must be before the end date.';
  if (span.endsAt - span.startsAt > LONGEST_QUESTION_MS) return 'The date range must not be longer than 14 days.';
  return span;
}

/** As recorded they begin one row early: one that ends with the beginning of what was asked for comes first. */
function rows(zone: string, { startsAt, endsAt }: Interval, options: UkCarbonIntensityOptions): object[] {
  const { figures, now, actuals = figures, settledUntil = now, rowMs = 30 * MINUTE_MS } = options;
  const horizon = (Math.floor(now() / rowMs) + ROWS_AHEAD) * rowMs;
  const covered = options.covers?.() ?? { startsAt: -Infinity, endsAt: horizon };
  const first = Math.max(startsAt - rowMs, covered.startsAt);
  return stretches(first, Math.min(endsAt, covered.endsAt) - 1, rowMs).map((at) => {
    const actual = at + rowMs <= settledUntil() ? (actuals(zone, at) ?? null) : null;
    return {
      from: time(at, rowMs),
      to: time(at + rowMs, rowMs),
      intensity: { forecast: figures(zone, at) ?? null, ...(zone === 'GB' ? { actual } : {}), index: 'moderate' },
      ...(zone === 'GB' ? {} : { generationmix: [{ fuel: 'gas', perc: 100 }] }),
    };
  });
}

function time(at: EpochMs, rowMs: DurationMs): string {
  const form = rowMs % MINUTE_MS === 0 ? 'YYYY-MM-DDThh:mm' : 'YYYY-MM-DDThh:mm:ss';
  return `${new Date(at).toISOString().slice(0, form.length)}Z`;
}

function badRequest(message: string): StandInReply {
  return { status: 400, body: { error: { code: '400 Bad Request', message } } };
}
