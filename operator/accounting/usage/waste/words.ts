import { HOUR_MS, MINUTE_MS, type DurationMs } from '../../../domain/units.ts';

/** `40 min`, `2 h 30 min`, `50 h`; down to whole minutes, beyond two days to whole hours. */
export function durationInWords(time: DurationMs): string {
  const hours = Math.floor(time / HOUR_MS);
  const minutes = Math.floor((time % HOUR_MS) / MINUTE_MS);
  if (hours === 0) return `${String(minutes)} min`;
  return hours >= 48 || minutes === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes)} min`;
}

export function percentInWords(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}

export function hasOrHave(count: number): string {
  return count === 1 ? 'has' : 'have';
}
