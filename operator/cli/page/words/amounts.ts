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

/** With so many digits after the point, e.g. `−2.50`. */
export function fixedShown(value: number, digits: number): string {
  return withMinus(value.toFixed(digits));
}

function signed(value: number): string {
  return withMinus(String(value));
}

/** A minus sign is as wide as the digits, and a figure that is rounded to nothing has none. */
function withMinus(digits: string): string {
  return Number(digits) === 0 ? digits.replace('-', '') : digits.replace('-', '−');
}
