import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CarbonAwareJob } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../../operator/api/v1alpha1/compute-site.generated.ts';
import { zoneOfRegion } from '../../../operator/domain/regions/regions.ts';
import { parseManifests } from '../../controlplane/client/apply.ts';
import type { Manifest } from '../../controlplane/control-plane.ts';

/** GPUs of a node, and their product: the same everywhere, so that only the grid differs. */
export const GPUS_A_NODE = 8;
export const PRODUCT = 'NVIDIA-H100-80GB-HBM3';

/** Nodes that are there from the start. */
const NODES: Readonly<Record<string, number>> = { stockholm: 4, frankfurt: 4, warsaw: 2, paris: 0 };

export interface DemoSite {
  readonly name: string;
  readonly region: string;
  readonly zone: string;
  readonly pue: number;
  readonly nodes: number;
  readonly manifest: ComputeSite;
}

/** All that the demo puts into a cluster, as its files say it. */
export interface Scenario {
  readonly namespaces: readonly Manifest[];
  readonly policies: readonly Manifest[];
  readonly sites: readonly DemoSite[];
  readonly jobs: readonly CarbonAwareJob[];
}

export async function readScenario(): Promise<Scenario> {
  const [namespaces, policies, sites] = await Promise.all(
    ['namespaces', 'policies', 'sites'].map((name) => manifestsOf(`../setup/${name}.yaml`)),
  );
  const names = (await readdir(fileURLToPath(new URL('../jobs', import.meta.url)))).sort();
  const jobs = await Promise.all(names.map((name) => manifestsOf(`../jobs/${name}`)));
  return {
    namespaces: namespaces ?? [],
    policies: policies ?? [],
    sites: (sites ?? []).map((manifest) => siteOf(manifest as ComputeSite)),
    jobs: jobs.flat() as unknown as CarbonAwareJob[],
  };
}

async function manifestsOf(file: string): Promise<readonly Manifest[]> {
  return parseManifests(await readFile(new URL(file, import.meta.url), 'utf8'));
}

function siteOf(manifest: ComputeSite): DemoSite {
  const { name } = manifest.metadata;
  const { region, pue } = manifest.spec;
  const zone = zoneOfRegion(region);
  if (zone === undefined) throw new Error(`site ${name}: the grid zone of region ${region} is unknown`);
  return { name, region, zone: zone.zone, pue: Number(pue), nodes: NODES[name] ?? 0, manifest };
}
