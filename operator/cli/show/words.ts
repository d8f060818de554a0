import { differenceOf, type Emissions } from '../../domain/intensity.ts';
import type { ExpectedCost } from '../../domain/decision.ts';
import type { Place } from '../../domain/place.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs } from '../../domain/units.ts';
import { amountShown, fixedShown } from '../page/words/amounts.ts';

/** What a figure shows that nobody knows. */
export const UNKNOWN = '–';

export function carbonShown(carbon: Emissions | undefined): string {
  return carbon === undefined ? UNKNOWN : massShown(carbon.grams);
}

/** Grams of CO2e in the unit that people say them in. */
export function massShown(grams: number): string {
  const magnitude = Math.abs(grams);
  if (magnitude >= 1e6) return `${amountShown(grams / 1e6)} t`;
  return magnitude >= 1e3 ? `${amountShown(grams / 1e3)} kg` : `${amountShown(grams)} g`;
}

export function energyShown(kilowattHours: number): string {
  return kilowattHours >= 1_000 ? `${amountShown(kilowattHours / 1_000)} MWh` : `${amountShown(kilowattHours)} kWh`;
}

export function moneyShown({ money, currency }: Pick<ExpectedCost, 'money' | 'currency'>): string {
  const text = Math.abs(money) >= 0.005 ? fixedShown(money, 2) : amountShown(money);
  return `${text} ${currency}`.trim();
}

/** A saving, and where far more is emitted than saved, how many times as much. */
export function savingShown(share: number): string {
  return share < -1 ? `${amountShown(1 - share)} ×` : percentShown(share);
}

export function percentShown(share: number): string {
  const percent = 100 * share;
  return `${fixedShown(percent, percent !== 0 && Math.abs(percent) < 1 ? 1 : 0)} %`;
}

/** `6 h`, `1 h 30 min`, `45 min`, `20 s`; days from two on. */
export function lengthShown(length: DurationMs): string {
  if (length < MINUTE_MS) return `${String(Math.round(length / 1_000))} s`;
  const minutes = Math.round(length / MINUTE_MS);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${String(rest)} min`;
  if (length >= 48 * HOUR_MS) return `${amountShown(length / (24 * HOUR_MS))} days`;
  return rest === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(rest)} min`;
}

/** Grams that `cost` saves against another, as a share of the other's; `undefined` where that can't be said. */
export function savingOf(
  cost: ExpectedCost,
  other: ExpectedCost | undefined,
): { grams: number; share: number } | undefined {
  if (cost.carbon === undefined || other?.carbon === undefined || !(other.carbon.grams > 0)) return undefined;
  const grams = differenceOf(other.carbon, cost.carbon);
  return grams === undefined ? undefined : { grams, share: grams / other.carbon.grams };
}

/**
 * Products as short as they can be and still be told apart: `H100` for NVIDIA-H100-80GB-HBM3 where no other begins so. For
 * tables; where a product stands alone it has its whole name.
 */
export function shortNames(products: Iterable<string>): ReadonlyMap<string, string> {
  const parts = [...new Set(products)].map((product) => ({
    product,
    words: product.replace(/^(NVIDIA|AMD)[-_ ]/i, '').split('-'),
  }));
  const beginning = (words: readonly string[], length: number): string => words.slice(0, length).join('-');
  return new Map(
    parts.map(({ product, words }) => {
      const others = parts.filter((other) => other.product !== product);
      const isOwn = (length: number): boolean =>
        others.every((other) => beginning(other.words, length) !== beginning(words, length));
      const length = words.findIndex((_, k) => isOwn(k + 1)) + 1;
      return [product, length === 0 ? product : beginning(words, length)];
    }),
  );
}

export function placeShown({ site, product }: Place): string {
  return product === undefined ? site : `${site}, ${product}`;
}

/** Of several words a sentence's part: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
