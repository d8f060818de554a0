import type { Parsed } from './parsed.ts';

const DECIMAL = /^\d+(?:\.\d+)?$/;
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

/** Suffixes of Kubernetes quantities, as k8s.io/apimachinery/pkg/api/resource defines them. */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Reads a decimal number of 0 or more as our resources write it: `"0.09"`, `"100"`; no sign, no exponent. */
export function parseDecimal(text: string): Parsed<number> {
  const value = Number(text);
  if (DECIMAL.test(text) && Number.isFinite(value)) return { ok: true, value };
  return { ok: false, message: `"${text}" is not a decimal number of 0 or more; write it like 0.09 or 100` };
}

/**
 * Writes a number of 0 or more so that {@link parseDecimal} reads it again, with at most `digits` decimal places
 * (0 to 20) and no zeros at the end. Throws `RangeError` for what is negative, not finite, or 1e21 and above.
 */
export function formatDecimal(value: number, digits: number): string {
  if (!(value >= 0 && value < 1e21)) {
    throw new RangeError(`${String(value)} can't be written as a decimal number; it must be 0 or more`);
  }
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The same of a number that may be below zero, as money is where the market pays for consumption. Never `-0`. */
export function formatSignedDecimal(value: number, digits: number): string {
  const text = formatDecimal(Math.abs(value), digits);
  return value < 0 && Number(text) !== 0 ? `-${text}` : text;
}

/**
 * Reads a Kubernetes quantity into its base unit: `"64Mi"` is 67108864, `"500m"` is 0.5, `"2"` is 2.
 * The result is a double: above 2^53 it is rounded.
 */
export function parseQuantity(text: string): Parsed<number> {
  const [, digits, suffix = ''] = QUANTITY.exec(text) ?? [];
  // An exponent is read with its digits, a suffix below 1 is divided by its inverse: both round once, not twice.
  const value =
    /^[eE]/.test(suffix) && suffix !== 'E' ? Number(`${digits ?? ''}${suffix}`) : scaled(Number(digits), suffix);
  if (digits !== undefined && Number.isFinite(value)) return { ok: true, value };
  return { ok: false, message: `"${text}" is not a quantity; write it like 2, 500m or 64Mi` };
}

function scaled(value: number, suffix: string): number {
  const factor = SUFFIXES[suffix] ?? 1;
  return factor < 1 ? value / Math.round(1 / factor) : value * factor;
}
