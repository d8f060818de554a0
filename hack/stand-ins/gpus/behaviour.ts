import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs } from '../../../operator/domain/units.ts';

/** A stretch of time in which a GPU does one thing. */
export interface Phase {
  readonly for: DurationMs;
  /** Share of time active, 0 to 1. */
  readonly active: number;
  readonly watts: number;
}

/** What a GPU does, over and over. */
export type Behaviour = readonly [Phase, ...Phase[]];

const always = (active: number, watts: number): Behaviour => [{ for: HOUR_MS, active, watts }];

/** An H100 that holds its memory and computes nothing. */
export const IDLE = always(0, 70);
export const BUSY = always(0.97, 650);
export const HALF_USED = always(0.5, 380);
/** A service that is asked for much and then for nothing, five minutes each. */
export const BURSTS: Behaviour = [
  { for: 5 * MINUTE_MS, active: 0.9, watts: 600 },
  { for: 5 * MINUTE_MS, active: 0, watts: 80 },
];
/** Up for some steps, down while the next data are loaded, again and again; then an evaluation and a checkpoint: 10 min 40 s. */
export const TRAINING: Behaviour = [
  { for: 50 * SECOND_MS, active: 0.98, watts: 680 },
  ...Array.from({ length: 9 }, (): readonly Phase[] => [
    { for: 5 * SECOND_MS, active: 0.35, watts: 300 },
    { for: 50 * SECOND_MS, active: 0.98, watts: 680 },
  ]).flat(),
  { for: 5 * SECOND_MS, active: 0.35, watts: 300 },
  { for: 60 * SECOND_MS, active: 0.55, watts: 400 },
  { for: 30 * SECOND_MS, active: 0.02, watts: 120 },
];

/** The phase at an instant. Phases begin at their start, inclusive. */
export function phaseAt(behaviour: Behaviour, elapsed: DurationMs): Phase {
  let rest = elapsed % lengthOf(behaviour);
  for (const phase of behaviour) {
    if (rest < phase.for) return phase;
    rest -= phase.for;
  }
  return behaviour[0];
}

/** Energy from the beginning to an instant, mJ: watts times milliseconds. */
export function energyUntil(behaviour: Behaviour, elapsed: DurationMs): number {
  const length = lengthOf(behaviour);
  const whole = behaviour.reduce((sum, phase) => sum + phase.for * phase.watts, 0);
  let energy = Math.floor(elapsed / length) * whole;
  let rest = elapsed % length;
  for (const phase of behaviour) {
    const spent = Math.min(rest, phase.for);
    energy += spent * phase.watts;
    rest -= spent;
  }
  return energy;
}

function lengthOf(behaviour: Behaviour): DurationMs {
  return behaviour.reduce((sum, phase) => sum + phase.for, 0);
}
