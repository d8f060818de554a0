import type { SiteUsage } from '../../domain/usage/assessment.ts';
import type { Statement } from '../computesite/carbon-now.ts';
import type { Assessed } from './assessed.ts';
import type { SiteUse } from './usage-reader.ts';

/** What was found of one site, and what was not. */
export function siteUseOf(name: string, assessed: Assessed): SiteUse | undefined {
  const products = assessed.assessment.sites.filter(({ site }) => site === name);
  return products.length === 0 ? undefined : { products, known: knownOf(name, assessed) };
}

function knownOf(name: string, { assessment, gaps, settledBefore }: Assessed): Statement {
  if (gaps === undefined) {
    const message =
      'who holds its accelerators is known, and not what they do: configure usage.prometheus to have that measured';
    return { status: 'Unknown', reason: 'UsageNotMeasured', message };
  }
  const held = assessment.holdings.filter(({ site, heldSince }) => site === name && heldSince < settledBefore);
  const activity = gaps.find(({ figure }) => figure === 'Activity');
  // Exporters go with the nodes that are scaled down.
  if (activity?.error.code === 'NoData' && held.length === 0) {
    const message = 'there is nothing to measure: no pod holds its accelerators, or only since just now';
    return { status: 'True', reason: 'UsageMeasured', message };
  }
  if (activity !== undefined) {
    const message = `what its accelerators do is not known: ${activity.error.message}`;
    return { status: 'False', reason: activity.error.code, message };
  }
  const unknown = held.filter(({ active }) => active === undefined);
  if (unknown.length > 0) return partlyUnknown(held, unknown);
  const unplaced = assessment.sites.find((one) => one.site === name && one.unplaced !== undefined)?.unplaced;
  if (unplaced !== undefined) return freeUnknown(unplaced);
  const power = gaps.find(({ figure }) => figure === 'Power');
  if (power !== undefined) {
    const message = `what its accelerators draw is not measured, and is reckoned from what they do: ${power.error.message}`;
    return { status: 'False', reason: 'UsagePartial', message };
  }
  return { status: 'True', reason: 'UsageMeasured', message: 'what its accelerators do and draw is measured' };
}

type Holdings = Assessed['assessment']['holdings'];

function partlyUnknown(held: Holdings, unknown: Holdings): Statement {
  const example = unknown.find(isContested) ?? unknown[0];
  const { kind = '', name = '', namespace = '' } = example?.workload ?? {};
  const remedy = remedyFor(unknown);
  const message =
    `what ${devicesIn(unknown)} of the ${devicesIn(held)} devices that pods hold do is not known, those of ${kind} ` +
    `${namespace}/${name} among them: ${remedy}`;
  return { status: 'False', reason: 'UsagePartial', message };
}

function freeUnknown({ calledAs, devices, node }: NonNullable<SiteUsage['unplaced']>): Statement {
  const called = calledAs === '' ? 'do not name the node' : `call the node ${calledAs}`;
  const message =
    `what free devices do is not known: series of those that pods hold on ${node} ${called}, and ${String(devices)} that are ` +
    'measured fit no node; say by usage.prometheus.labels.node which label is the name of the node';
  return { status: 'False', reason: 'UsagePartial', message };
}

function remedyFor(unknown: Holdings): string {
  if (unknown.some(isContested)) {
    return 'series name its pods as the holders of more devices than they ask for; let only those of the exporters count, by usage.prometheus.matchers';
  }
  return unknown.every(({ attribution }) => attribution === 'None')
    ? 'let the exporter tell the pods that hold devices (DCGM_EXPORTER_KUBERNETES=true), and see usage.prometheus.labels'
    : 'see that the exporter runs on every node, and that Prometheus scrapes it';
}

function isContested({ attribution }: Holdings[number]): boolean {
  return attribution === 'Contested';
}

function devicesIn(holdings: Holdings): string {
  return String(holdings.reduce((sum, { devices }) => sum + devices, 0));
}
