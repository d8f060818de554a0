import type { Simulation } from '../../../simulation/simulate.ts';
import type { Gathered } from '../reading/gather.ts';

/** A scenario, and what came of it. */
export interface Simulated {
  readonly gathered: Gathered;
  readonly simulation: Simulation;
  /** What the figures leave out, and what is not as the user may think. */
  readonly notes: readonly string[];
}
