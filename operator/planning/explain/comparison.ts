import type { ExpectedCost } from '../../domain/decision.ts';
import { differenceOf, isAlike, type Emissions, type Footing, type IntensityKind } from '../../domain/intensity.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs } from '../../domain/units.ts';

/** How one cost differs from another: `412 g less (41 %), 0.10 EUR more, finishes 3.2 h later`. */
export function comparison(a: ExpectedCost, b: ExpectedCost): string {
  const parts = [carbonPart(a, b), moneyPart(a, b), finishPart(a, b)].filter((part) => part !== undefined);
  return parts.length === 0 ? 'the same' : parts.join(', ');
}

function carbonPart(a: ExpectedCost, b: ExpectedCost): string | undefined {
  if (a.carbon === undefined || b.carbon === undefined) return 'carbon unknown';
  const difference = differenceOf(a.carbon, b.carbon);
  if (difference === undefined) return `carbon not comparable (${againstEachOther(a.carbon, b.carbon)})`;
  if (Math.abs(difference) < 0.5) return undefined;
  const { grams } = b.carbon;
  const share = grams > 0 ? ` (${String(Math.round((100 * Math.abs(difference)) / grams))} %)` : '';
  return `${massOf(Math.abs(difference))} ${moreOrLess(difference)}${share}`;
}

function againstEachOther(a: Emissions, b: Emissions): string {
  return isAlike(a.kind, b.kind)
    ? `figures of ${originOf(a.rung)} against those of ${originOf(b.rung)}`
    : `${figuresOf(a.kind, b.kind)} figures against ${figuresOf(b.kind, a.kind)} ones`;
}

function originOf(rung: Footing): string {
  if (rung === 'TypicalDay') return 'a typical day';
  return rung === 'PartlyTypicalDay' ? 'a typical day in part' : 'a provider';
}

/** What sets a kind apart from another, in words: its scope, and its signal where that differs. */
export function figuresOf({ signal, scope }: IntensityKind, other: IntensityKind): string {
  if (signal === other.signal) return scope;
  return scope === other.scope ? signal : `${signal} ${scope}`;
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
  const length = inWords(Math.abs(difference));
  return Math.abs(difference) < 500 ? undefined : `finishes ${length} ${difference > 0 ? 'later' : 'earlier'}`;
}

function moreOrLess(difference: number): string {
  return difference > 0 ? 'more' : 'less';
}

function massOf(value: number): string {
  return value < 10_000 ? `${String(Math.round(value))} g` : `${(value / 1_000).toFixed(1)} kg`;
}

/** A length of time as people say it. */
export function inWords(ms: DurationMs): string {
  if (ms >= HOUR_MS) return `${(ms / HOUR_MS).toFixed(1)} h`;
  return ms >= MINUTE_MS ? `${String(Math.round(ms / MINUTE_MS))} min` : `${(ms / 1_000).toFixed(0)} s`;
}
