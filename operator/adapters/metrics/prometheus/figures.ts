import type { UsageFigure } from '../../../domain/usage/device-usage.ts';
import type { UsageQueries } from './queries.ts';

/** What each list of queries is of. */
export interface Figure {
  readonly figure: UsageFigure;
  /** In messages. */
  readonly words: string;
  /** Setting that names the label that such series need. */
  readonly labels: 'gpu' | 'pods' | 'node';
  /** Whose exporter has it. */
  readonly exporter: string;
  /** What there is without it. */
  readonly without: string;
  /** Highest value that can be. */
  readonly most: number;
  /**
   * NaN for what can't be such a figure. DCGM writes a blank as a number that is far too large: 2147483632, 140737488355328,
   * 9223372036854775794 (dcgm_structs.h).
   */
  readonly figureOf: (value: number) => number;
}

/** By this much a mean may be above 1: DCGM's ratios are quotients of two clocks. */
const ROUNDING = 0.01;
/** No accelerator is near it: those with the highest thermal design power draw some 2 kW. */
const MOST_GPU_WATTS = 10_000;
/** No node is near it beside its accelerators. */
const MOST_HOST_WATTS = 100_000;

const within = (value: number, most: number): number => (value >= 0 && value <= most ? value : NaN);

const KEPLER = 'Kepler (0.10 or newer)';
const HOST_IS_MODELLED = 'without it the power of processors and memory is modelled';

export const FIGURES: Readonly<Record<keyof UsageQueries, Figure>> = {
  activity: {
    figure: 'Activity',
    words: 'the activity of GPUs',
    labels: 'gpu',
    exporter: 'the DCGM exporter',
    without: 'without it nobody knows which GPUs idle',
    most: 1 + ROUNDING,
    figureOf: (value) => Math.min(within(value, 1 + ROUNDING), 1),
  },
  power: {
    figure: 'Power',
    words: 'the power of GPUs',
    labels: 'gpu',
    exporter: 'the DCGM exporter',
    without: 'without it power is modelled',
    most: MOST_GPU_WATTS,
    // A GPU that can be asked draws some: 0 is a sensor that it hasn't got.
    figureOf: (value) => (value > 0 ? within(value, MOST_GPU_WATTS) : NaN),
  },
  podPower: {
    figure: 'HostPower',
    words: 'the power of processors that pods cause',
    labels: 'pods',
    exporter: KEPLER,
    without: HOST_IS_MODELLED,
    most: MOST_HOST_WATTS,
    figureOf: (value) => within(value, MOST_HOST_WATTS),
  },
  nodePower: {
    figure: 'HostPower',
    words: 'the power of processors of nodes',
    labels: 'node',
    exporter: KEPLER,
    without: HOST_IS_MODELLED,
    most: MOST_HOST_WATTS,
    figureOf: (value) => within(value, MOST_HOST_WATTS),
  },
};
