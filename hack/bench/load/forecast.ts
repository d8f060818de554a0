import { HOUR_MS, type EpochMs } from '../../../operator/domain/units.ts';
import type { BenchSite } from './sites.ts';

/** What the file says from some moment on. */
export interface ForecastEdition {
  /** Hours by which the clean hours of a zone come later than in the first edition. */
  readonly cleanHoursMoved: Readonly<Record<string, number>>;
  /** Every figure is off by this share, up and down in turn: new, and not worth a new plan. */
  readonly ripple: number;
}

export const FIRST_EDITION: ForecastEdition = { cleanHoursMoved: {}, ripple: 0 };

const HORIZON_HOURS = 120;
/**
 * The hours at hand are the dirtiest, so that every job waits and no pod runs while the operator is measured; then come
 * clean ones, every day at the same hours.
 */
const DIRTY_HOURS = 3;
const FIRST_CLEAN_HOUR = 5;
const CLEAN_HOURS = 4;
const DIRTY_FACTOR = 2;
const CLEAN_FACTOR = 0.5;

/** A CSV for the `file` source, hourly from the hour that `at` is in. */
export function forecastCsv(sites: readonly BenchSite[], at: EpochMs, edition: ForecastEdition): string {
  const from = Math.floor(at / HOUR_MS) * HOUR_MS;
  const rows = sites.flatMap(({ zone, ordinaryGrams }) => {
    const moved = edition.cleanHoursMoved[zone] ?? 0;
    return Array.from({ length: HORIZON_HOURS }, (_, hour) => {
      const ripple = 1 + (hour % 2 === 0 ? edition.ripple : -edition.ripple);
      const grams = ordinaryGrams * factorAt(hour, moved) * ripple;
      return `${zone},${new Date(from + hour * HOUR_MS).toISOString()},1h,${grams.toFixed(1)}`;
    });
  });
  return ['zone,start,length,gramsPerKWh', ...rows, ''].join('\n');
}

function factorAt(hour: number, moved: number): number {
  if (hour < DIRTY_HOURS) return DIRTY_FACTOR;
  const ofDay = hour % 24;
  const from = FIRST_CLEAN_HOUR + moved;
  return ofDay >= from && ofDay < from + CLEAN_HOURS ? CLEAN_FACTOR : 1;
}
