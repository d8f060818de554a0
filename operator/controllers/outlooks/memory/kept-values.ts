import type { EmissionScope, IntensitySeries, Signal } from '../../../domain/intensity.ts';

/** Whose figures, of where, by what, and what they count. */
export type KeyText = readonly [source: string, zone: string, signal: Signal, scope: EmissionScope];
type Key = Pick<IntensitySeries, 'source' | 'zone' | 'signal' | 'scope'>;

const SIGNALS: readonly unknown[] = ['Average', 'Marginal'] satisfies readonly Signal[];
const SCOPES: readonly unknown[] = ['Lifecycle', 'Direct', 'Operational'] satisfies readonly EmissionScope[];

export function textOfKey({ source, zone, signal, scope }: Key): KeyText {
  return [source, zone, signal, scope];
}

export function keyIn([source, zone, signal, scope]: KeyText): Key {
  must(typeof source === 'string' && typeof zone === 'string' && SIGNALS.includes(signal) && SCOPES.includes(scope));
  return { source, zone, signal, scope };
}

/** To a tenth of a gram: no figure is as exact. */
export function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}

/** Anyone may have written a text that was kept: what it says is looked at before it is believed. Throws. */
export function must(isSo: boolean): asserts isSo {
  if (!isSo) throw new TypeError('it is not as it was written');
}

export function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
