import type { ApiClient } from '../../controlplane/client/api-client.ts';
import { createNodes, type NodeGroup } from '../../controlplane/fake-nodes/nodes.ts';
import { GPUS_A_NODE, PRODUCT, type DemoSite } from '../setup/scenario.ts';
import { DEMO_LABEL, DEMO_TAINT, DEMO_VALUE } from './labels.ts';

/** By this the demo's kwok knows its nodes; that of the cluster, if there is one, leaves them alone. */
export const NODE_ANNOTATION = `${DEMO_LABEL}=${DEMO_VALUE}`;

/** Nodes `<site>-<from>` … that pods of the demo can land on, and no others. Waits until they are ready. */
export function createSiteNodes(
  api: ApiClient,
  { name, region }: DemoSite,
  range: { readonly from: number; readonly count: number },
  abort: AbortSignal,
): Promise<readonly string[]> {
  const groups = Array.from({ length: range.count }, (_, index): NodeGroup => {
    return {
      region,
      product: PRODUCT,
      gpus: GPUS_A_NODE,
      namePrefix: `sunward-demo-${name}-${range.from + index}`,
      taints: [DEMO_TAINT],
      labels: { [DEMO_LABEL]: DEMO_VALUE },
      annotations: { [DEMO_LABEL]: DEMO_VALUE },
    };
  });
  return createNodes(api, groups, abort);
}

/** The site of one of the demo's nodes, by its name. */
export function siteOfNode(node: string): string | undefined {
  return /^sunward-demo-([a-z]+)-/.exec(node)?.[1];
}
