import { amountShown } from '../../page/words/amounts.ts';
import { lengthShown } from '../../show/words.ts';

/** Sums of fractions of a millisecond are no delay. */
const ROUNDING_MS = 0.5;

export function delayShown(delay: number): string {
  if (Math.abs(delay) < ROUNDING_MS) return 'none';
  return delay < 0 ? `−${lengthShown(-delay)}` : lengthShown(delay);
}

/** In percent, so exact that savings of several scenarios can be told apart. */
export function percentOf(percent: number): string {
  return `${amountShown(Math.abs(percent) < 0.005 ? 0 : Number(percent.toFixed(2)))} %`;
}

export function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
