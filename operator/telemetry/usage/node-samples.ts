import type { NodeUsage } from '../../domain/usage/assessment.ts';
import { bounded } from './bounded.ts';
import { RateSums, type RateSamples } from './rates.ts';
import { Means, Sums, type Labels, type Sample } from './sums.ts';
import { OTHERS, type UsageState } from './usage-state.ts';

export const NODE_LABELS = ['node_name', 'site', 'product'] as const;

/** `unavailable`: nobody holds them, and their node accepts no work. */
export const DEVICE_STATES = ['held', 'free', 'unavailable'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export interface NodeSamples {
  readonly gpus: readonly Sample[];
  readonly active: readonly Sample[];
  readonly rates: RateSamples;
  readonly strandedGpus: readonly Sample[];
  readonly strandedRates: RateSamples;
}

/** The series of nodes. Those have their own that have most devices that don't work. */
export function nodeSamples({ assessment, currencyOf }: UsageState, most: number): NodeSamples {
  const [gpus, active, rates] = [new Sums(), new Means(), new RateSums()];
  const [strandedGpus, strandedRates] = [new Sums(), new RateSums()];
  for (const { labels, members } of bounded(assessment.nodes, { labelsOf, othersOf, rankOf, most })) {
    for (const node of members) {
      const currency = currencyOf(node.site);
      const states = devicesByState(node);
      for (const state of DEVICE_STATES) gpus.add({ ...labels, state }, states[state]);
      active.add(labels, node.active, node.capacity);
      rates.add(labels, node.rate, { currency, power: { basis: node.powerBasis } });
      if (node.stranded === undefined) continue;
      strandedGpus.add(labels, node.stranded.devices);
      strandedRates.add(labels, node.stranded.rate, { currency });
    }
  }
  return {
    gpus: gpus.samples(),
    active: active.samples(),
    rates: rates.samples(),
    strandedGpus: strandedGpus.samples(),
    strandedRates: strandedRates.samples(),
  };
}

/** Pods that end may hold more than a node still has: then none are free. */
export function devicesByState({ acceptsWork, capacity, held }: NodeUsage): Readonly<Record<DeviceState, number>> {
  const rest = Math.max(0, capacity - held);
  return { held, free: acceptsWork ? rest : 0, unavailable: acceptsWork ? 0 : rest };
}

function labelsOf({ node, product, site }: NodeUsage): Labels {
  return { node_name: node, site, product };
}

function othersOf({ product, site }: NodeUsage): Labels {
  return { node_name: OTHERS, site, product };
}

/** Stranded devices first: an alert names them. */
function rankOf({ active, capacity, held, stranded }: NodeUsage): readonly number[] {
  const idle = active === undefined ? capacity - held : capacity * (1 - active);
  return [stranded?.devices ?? 0, idle, capacity];
}
