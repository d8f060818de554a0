import type { Registry } from 'prom-client';
import type { UsageFigure } from '../../domain/usage/device-usage.ts';
import type { DurationMs } from '../../domain/units.ts';
import { nodeMetrics } from './node-metrics.ts';
import { nodeSamples, type NodeSamples } from './node-samples.ts';
import { siteMetrics } from './site-metrics.ts';
import { siteSamples, type SiteSamples } from './site-samples.ts';
import { UsageSourceMetrics } from './usage-source-metrics.ts';
import type { SeriesBounds, UsageState } from './usage-state.ts';
import { workloadMetrics } from './workload-metrics.ts';
import { workloadSamples, type WorkloadSamples } from './workload-samples.ts';

/** What compute is used for. What is not known has no series. */
export class UsageMetrics {
  readonly #source: UsageSourceMetrics;
  #bounds: SeriesBounds = { workloads: 100, nodes: 200 };
  #read: (() => UsageState | undefined) | undefined;
  #last: { readonly state: UsageState; readonly samples: Samples } | undefined;

  constructor(registry: Registry) {
    this.#source = new UsageSourceMetrics(registry, () => this.#read?.()?.assessment);
    workloadMetrics(registry, () => this.#samples()?.workloads);
    nodeMetrics(registry, () => this.#samples()?.nodes);
    siteMetrics(registry, () => this.#samples()?.sites);
  }

  /** How many have series of their own from the next assessment on. */
  limit(bounds: SeriesBounds): void {
    this.#bounds = bounds;
  }

  /** Asked at every scrape from now on; `undefined` where nothing was assessed, or so long ago that it says nothing of now. */
  observe(read: () => UsageState | undefined): void {
    this.#read = read;
  }

  /** Whether the source has answered the last question for a figure. */
  known(figure: UsageFigure, isKnown: boolean): void {
    this.#source.known(figure, isKnown);
  }

  /** `code`: of a SourceError. */
  failed(source: string, figure: UsageFigure, code: string): void {
    this.#source.failed(source, figure, code);
  }

  /** A whole turn is done. */
  collected(tookMs: DurationMs): void {
    this.#source.collected(tookMs);
  }

  /** Once for each assessment, however many gauges and scrapes read of it. */
  #samples(): Samples | undefined {
    const state = this.#read?.();
    if (state === undefined) return undefined;
    if (this.#last?.state.assessment !== state.assessment)
      this.#last = { state, samples: samplesOf(state, this.#bounds) };
    return this.#last.samples;
  }
}

interface Samples {
  readonly workloads: WorkloadSamples;
  readonly nodes: NodeSamples;
  readonly sites: SiteSamples;
}

function samplesOf(state: UsageState, { nodes, workloads }: SeriesBounds): Samples {
  return {
    workloads: workloadSamples(state, workloads),
    nodes: nodeSamples(state, nodes),
    sites: siteSamples(state),
  };
}
