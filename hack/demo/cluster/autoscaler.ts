import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../../operator/domain/units.ts';
import { GPUS_A_NODE, type DemoSite } from '../setup/scenario.ts';
import type { PodFacts } from '../watch/pod-facts.ts';

/** GPUs that pods wait for in a region, because no node there has them free. */
export function gpusWanted(pods: readonly PodFacts[], region: string): number {
  const waiting = pods.filter((pod) => pod.unschedulable && pod.node === undefined && pod.region === region);
  return waiting.reduce((sum, { gpus }) => sum + gpus, 0);
}

export interface AutoscalerOptions {
  readonly site: DemoSite;
  /** How long a node takes to come. */
  readonly bootTime: DurationMs;
  /** Makes nodes `from` … and waits until they are ready. */
  readonly createNodes: (range: { from: number; count: number }) => Promise<unknown>;
  readonly tell: (event: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Plays the cluster autoscaler of one region: nodes come some time after pods have waited for them. */
export class Autoscaler {
  readonly #options: AutoscalerOptions;
  #ordered = 0;
  #wantedBefore = 0;

  constructor(options: AutoscalerOptions) {
    this.#options = options;
  }

  /** Nodes that it has ordered so far. */
  get ordered(): number {
    return this.#ordered;
  }

  /** To be called again and again. What is wanted twice in a row is ordered: the pods of a job come one after the other. */
  look(pods: readonly PodFacts[], abort: AbortSignal): void {
    const wanted = Math.ceil(gpusWanted(pods, this.#options.site.region) / GPUS_A_NODE);
    const isSettled = wanted === this.#wantedBefore;
    this.#wantedBefore = wanted;
    const count = wanted - this.#ordered;
    if (!isSettled || count <= 0 || abort.aborted) return;
    const from = this.#ordered;
    this.#ordered += count;
    this.#boot({ from, count }, abort).catch((error: unknown) => {
      if (!abort.aborted) this.#options.failed(error);
    });
  }

  async #boot(range: { from: number; count: number }, abort: AbortSignal): Promise<void> {
    const { site, bootTime, createNodes, tell } = this.#options;
    tell(`pods wait for ${range.count} nodes in ${site.region}; they are ordered`);
    await delay(bootTime, undefined, { signal: abort });
    await createNodes(range);
    tell(`${range.count} nodes of ${site.name} are ready`);
  }
}
