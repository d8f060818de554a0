import type { Holding } from '../../domain/usage/assessment.ts';
import { bounded, type Group } from './bounded.ts';
import { RateSums, type RateSamples } from './rates.ts';
import { Means, Sums, type Labels, type Sample } from './sums.ts';
import { OTHERS, type UsageState } from './usage-state.ts';

export const WORKLOAD_LABELS = ['workload_namespace', 'workload_kind', 'workload', 'owner', 'site', 'product'] as const;

export interface WorkloadSamples {
  readonly gpus: readonly Sample[];
  readonly active: readonly Sample[];
  readonly idleSeconds: readonly Sample[];
  readonly rates: RateSamples;
  readonly wastedGpus: readonly Sample[];
  readonly wastedRates: RateSamples;
  /** Which policy governs the workloads that have series of their own, by namespace. */
  readonly policies: readonly Sample[];
}

/**
 * The series of workloads. Those that waste most have their own: by power, then by devices that they hold, and not by money, which
 * is of different currencies. Sums over all series are the same whatever the bound is.
 */
export function workloadSamples({ assessment, currencyOf }: UsageState, most: number): WorkloadSamples {
  const [gpus, active, rates] = [new Sums(), new Means(), new RateSums()];
  const [wastedGpus, wastedRates] = [new Sums(), new RateSums()];
  const groups = bounded(assessment.holdings, { labelsOf, othersOf, rankOf, most });
  for (const { labels, members } of groups) {
    for (const { active: share, devices, powerBasis, rate, sharing, site, waste } of members) {
      const currency = currencyOf(site);
      gpus.add({ ...labels, sharing }, devices);
      active.add(labels, share, devices);
      rates.add(labels, rate, { currency, power: { basis: powerBasis } });
      if (waste === undefined) continue;
      const ofClass = { ...labels, class: waste.class };
      wastedGpus.add(ofClass, waste.devices);
      wastedRates.add(ofClass, waste.rate, { currency });
    }
  }
  return {
    gpus: gpus.samples(),
    active: active.samples(),
    idleSeconds: groups.flatMap(idleSecondsOf),
    rates: rates.samples(),
    wastedGpus: wastedGpus.samples(),
    wastedRates: wastedRates.samples(),
    policies: policiesOf(groups),
  };
}

/** A policy governs whole namespaces. */
function policiesOf(groups: readonly Group<Holding>[]): readonly Sample[] {
  const governing = new Map<string, string>();
  for (const { isOwn, members } of groups) {
    if (!isOwn) continue;
    for (const { policy = '', workload } of members) governing.set(workload.namespace, policy);
  }
  return [...governing].map(([namespace, policy]) => ({ labels: { workload_namespace: namespace, policy }, value: 1 }));
}

/** Of many workloads there is no time that says anything; of one, it is how long none of its devices has worked. */
function idleSecondsOf({ isOwn, labels, members }: Group<Holding>): readonly Sample[] {
  if (!isOwn) return [];
  let least = Infinity;
  for (const { idleFor } of members) {
    if (idleFor === undefined) return [];
    least = Math.min(least, idleFor);
  }
  return [{ labels, value: least / 1_000 }];
}

function labelsOf({ owner, product, site, workload: { kind, name, namespace } }: Holding): Labels {
  return { workload_namespace: namespace, workload_kind: kind, workload: name, owner, site, product };
}

function othersOf({ product, site }: Holding): Labels {
  return { workload_namespace: OTHERS, workload_kind: '', workload: OTHERS, owner: '', site, product };
}

function rankOf({ devices, waste }: Holding): readonly number[] {
  return [waste?.rate.power ?? 0, devices];
}
