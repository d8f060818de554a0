import type { ExpectedCost } from '../domain/decision.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/units.ts';

/** How one cost differs from another: `412 g less (41 %), 0.10 EUR more, finishes 3.2 h later`. */
export function comparison(a: ExpectedCost, b: ExpectedCost): string {
  const parts = [carbonPart(a, b), moneyPart(a, b), finishPart(a, b)].filter((part) => part !== undefined);
  return parts.length === 0 ? 'the same' : parts.join(', ');
}

function carbonPart(a: ExpectedCost, b: ExpectedCost): string | undefined {
  if (a.carbon === undefined || b.carbon === undefined) return 'carbon unknown';
  const difference = a.carbon - b.carbon;
  if (Math.abs(difference) < 0.5) return undefined;
  const share = b.carbon > 0 ? ` (${String(Math.round((100 * Math.abs(difference)) / b.carbon))} %)` : '';
  return `${massOf(Math.abs(difference))} ${moreOrLess(difference)}${share}`;
}

function moneyPart(a: ExpectedCost, b: ExpectedCost): string | undefined {
  if (a.currency !== b.currency) return undefined;
  const difference = a.money - b.money;
  return Math.abs(difference) < 0.005
    ? undefined
    : `${Math.abs(difference).toFixed(2)} ${a.currency} ${moreOrLess(difference)}`;
}

function finishPart(a: ExpectedCost, b: ExpectedCost): string | undefined {
  const difference = a.finishesAt - b.finishesAt;
  const length = lengthInWords(Math.abs(difference));
  return Math.abs(difference) < 500 ? undefined : `finishes ${length} ${difference > 0 ? 'later' : 'earlier'}`;
}

function moreOrLess(difference: number): string {
  return difference > 0 ? 'more' : 'less';
}

function massOf(value: number): string {
  return value < 10_000 ? `${String(Math.round(value))} g` : `${(value / 1_000).toFixed(1)} kg`;
}

function lengthInWords(ms: number): string {
  if (ms >= HOUR_MS) return `${(ms / HOUR_MS).toFixed(1)} h`;
  return ms >= MINUTE_MS ? `${String(Math.round(ms / MINUTE_MS))} min` : `${(ms / 1_000).toFixed(0)} s`;
}
