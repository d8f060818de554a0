import { devicesByState, DEVICE_STATES } from './node-samples.ts';
import { RateSums, type RateSamples } from './rates.ts';
import { Means, Sums, type Sample } from './sums.ts';
import type { UsageState } from './usage-state.ts';

export const SITE_LABELS = ['site', 'product'] as const;

export interface SiteSamples {
  readonly gpus: readonly Sample[];
  readonly active: readonly Sample[];
  readonly rates: RateSamples;
  readonly wastedGpus: readonly Sample[];
  readonly wastedRates: RateSamples;
}

/** The series of sites: over all nodes and all workloads, whether or not they have series of their own. */
export function siteSamples({ assessment, currencyOf }: UsageState): SiteSamples {
  const [gpus, active, rates] = [new Sums(), new Means(), new RateSums()];
  const [wastedGpus, wastedRates] = [new Sums(), new RateSums()];
  for (const node of assessment.nodes) {
    const states = devicesByState(node);
    for (const state of DEVICE_STATES) gpus.add({ site: node.site, product: node.product, state }, states[state]);
  }
  for (const { active: share, currency, product, rate, site, usable } of assessment.sites) {
    active.add({ site, product }, share, usable);
    rates.add({ site, product }, rate, { currency });
  }
  for (const { product, site, waste } of assessment.holdings) {
    if (waste === undefined) continue;
    const labels = { site, product, class: waste.class };
    wastedGpus.add(labels, waste.devices);
    wastedRates.add(labels, waste.rate, { currency: currencyOf(site) });
  }
  return {
    gpus: gpus.samples(),
    active: active.samples(),
    rates: rates.samples(),
    wastedGpus: wastedGpus.samples(),
    wastedRates: wastedRates.samples(),
  };
}
