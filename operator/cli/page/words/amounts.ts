import type { AmountRange } from '../scale/amounts.ts';

/** Three digits that matter, larger numbers whole: 0.0123, 1.85, 14.2, 10000. */
export function amountShown(value: number): string {
  const magnitude = Math.abs(value);
  const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
  // Number() takes off what is only zeros: 14.0, and -0.
  if (magnitude >= 1 || magnitude === 0) return signed(Number(value.toFixed(digits)));
  return signed(Number(value.toPrecision(3)));
}

/** Lowest and highest in words with their unit, e.g. `38–412 g/kWh`. */
export function rangeShown(range: AmountRange | undefined, unit: string): string {
  if (range === undefined) return 'unknown';
  const [lowest, highest] = [amountShown(range.lowest), amountShown(range.highest)];
  const amounts = lowest === highest ? lowest : `${lowest}${range.lowest < 0 ? ' to ' : '–'}${highest}`;
  return unit === '' ? amounts : `${amounts} ${unit}`;
}

function signed(value: number): string {
  return value < 0 ? `−${String(-value)}` : String(Math.abs(value));
}
