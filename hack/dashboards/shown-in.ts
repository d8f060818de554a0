import { amountShown } from '../../operator/cli/page/words/amounts.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../operator/domain/units.ts';

const SI: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A value as Grafana would show it in a unit of its own, or near enough to be looked at. */
export function shownIn(unit: string | undefined, value: number): string {
  if (unit === 'percentunit') return `${amountShown(value * 100)} %`;
  if (unit === 'watt') return scaled(value, 'W');
  if (unit === 'massg') return scaled(value, 'g');
  if (unit === 's') return timeShown(value);
  if (unit?.startsWith('si:') === true) return scaled(value, unit.slice('si:'.length));
  if (unit?.startsWith('suffix:') === true) return `${amountShown(value)} ${unit.slice('suffix:'.length)}`;
  return amountShown(value);
}

/** Factor and unit of all figures of an axis, which has one of each. */
export function axisOf(unit: string | undefined): { readonly factor: number; readonly unit: string } {
  if (unit === 'percentunit') return { factor: 100, unit: '%' };
  const words: Readonly<Record<string, string>> = { watt: 'W', s: 's', massg: 'g' };
  const [, bare] = /^(?:si|suffix):(.*)$/.exec(unit ?? '') ?? [];
  return { factor: 1, unit: bare ?? words[unit ?? ''] ?? '' };
}

function scaled(value: number, unit: string): string {
  const [factor, prefix] = SI.find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return `${amountShown(value / factor)} ${prefix}${unit}`;
}

function timeShown(seconds: number): string {
  const ms = Math.abs(seconds) * SECOND_MS;
  if (ms > 0 && ms < SECOND_MS) return `${amountShown(seconds * SECOND_MS)} ms`;
  if (ms < MINUTE_MS) return `${amountShown(seconds)} s`;
  if (ms < HOUR_MS) return `${amountShown((seconds * SECOND_MS) / MINUTE_MS)} min`;
  return `${amountShown((seconds * SECOND_MS) / HOUR_MS)} h`;
}
