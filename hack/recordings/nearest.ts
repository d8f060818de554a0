import { overlapOf, type Interval } from '../../operator/domain/interval.ts';
import type { Exchange } from './recording.ts';

/** Parameters that say of what time the answer is to be. `horizonHours` and its like count from now, which stands still. */
const TIME_PARAMETERS = new Set([
  ...['start', 'end', 'from', 'to', 'time', 'toTime', 'period_from', 'period_to', 'dataStartAt', 'dataEndAt'],
  ...['horizonHours', 'horizon_hours'],
]);
const INSTANT_IN_PATH = /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/;

interface Question {
  /** Path and query without times: what has to be the same. */
  readonly what: string;
  readonly times: readonly number[];
}

/**
 * The recorded answer to a question: that of the same one, or else of one that differs in nothing but times and whose stretch
 * has most in common with this one's; of several the nearest. `undefined`: nothing like it was recorded.
 */
export function nearestTo(path: string, query: string, exchanges: readonly Exchange[]): Exchange | undefined {
  const asked = questionOf(path, query);
  const alike = exchanges
    .map((exchange) => ({ exchange, question: questionOf(exchange.path, exchange.query) }))
    .filter(({ question }) => question.what === asked.what)
    .map(({ exchange, question }) => ({
      exchange,
      common: overlapOf(stretchOf(question), stretchOf(asked)),
      apart: distanceOf(question.times, asked.times),
    }));
  // A stable sort: of equals the first.
  return alike.sort((a, b) => sameFirst(a, b) || b.common - a.common || a.apart - b.apart)[0]?.exchange;
}

function sameFirst(a: { readonly apart: number }, b: { readonly apart: number }): number {
  return Number(b.apart === 0) - Number(a.apart === 0);
}

function questionOf(path: string, query: string): Question {
  const times: number[] = [];
  const segments = path.split('/').map((segment) => {
    const text = decodeURIComponent(segment);
    if (!INSTANT_IN_PATH.test(text)) return segment;
    times.push(Date.parse(text));
    return '{time}';
  });
  const parameters = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const others = parameters.map(([name, value]) => {
    const time = TIME_PARAMETERS.has(name) ? timeIn(value) : NaN;
    if (Number.isNaN(time)) return [name, value];
    times.push(time);
    return [name, '{time}'];
  });
  return { what: JSON.stringify([segments.join('/'), others]), times: times.sort((a, b) => a - b) };
}

/** In the provider's own unit: it is compared with times of the same parameter alone. */
function timeIn(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : Date.parse(value);
}

/** A single time is that of a horizon. */
function stretchOf({ times }: Question): Interval {
  const [first = 0, last = first] = times;
  return times.length === 1 ? { startsAt: 0, endsAt: first } : { startsAt: first, endsAt: last };
}

function distanceOf(some: readonly number[], others: readonly number[]): number {
  return some.reduce((sum, time, k) => sum + Math.abs(time - (others[k] ?? NaN)), 0);
}
