import { hostPowerOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { MeasuredUsage } from '../../../domain/usage/device-usage.ts';
import { sumOver } from '../sum-over.ts';
import { podKey } from '../devices/measured-gpus.ts';
import type { Fleet, NodeAccelerators } from '../devices/node-accelerators.ts';
import type { HeldDevice } from '../devices/held-devices.ts';
import type { HoldingPod } from '../usage-snapshot.ts';

/** Power beside that of the GPUs, watts before PUE. */
export interface HostPower {
  /** That one device of a pod has, as pods ask for them. */
  ofDevice(held: Pick<HeldDevice, 'pod' | 'accelerators' | 'sharers'>): number;
  /**
   * That all devices of one resource of a node have, those that nobody holds included.
   * @param gpus how many they are where each that is shared counts once
   */
  ofAll(accelerators: NodeAccelerators, gpus: number): number;
}

/**
 * Where the source has the power of the node's processors and memory: that which the pod causes, and its devices' part of what no
 * pod causes, which is there whoever works. So the parts of all devices, and what pods without any cause, come to the whole. Fans,
 * network and losses of the supply are in no such figure, and are left out then. Else the usual share of the host.
 */
export function hostPower(measured: MeasuredUsage | undefined, fleet: Fleet, pods: readonly HoldingPod[]): HostPower {
  // Whose node the source does not tell, or calls otherwise, is where it holds devices; other pods are then not known to be there.
  const nodeOfHolder = new Map(pods.map((pod) => [podKey(pod), pod.node]));
  const causing = (measured?.pods ?? []).map((pod) => {
    const node = fleet.isNode(pod.node ?? '') ? pod.node : nodeOfHolder.get(podKey(pod));
    return { key: podKey(pod), node, power: pod.power };
  });
  const causingOn = Map.groupBy(causing, ({ node }) => node);
  const caused = (pod: HoldingPod): number => {
    const own = (causingOn.get(pod.node) ?? []).filter(({ key }) => key === podKey(pod));
    return sumOver(own, ({ power }) => power);
  };
  const nodes = new Map(
    (measured?.nodes ?? []).map(({ node, power }) => {
      const ofPods = sumOver(causingOn.get(node) ?? [], ({ power: ofPod }) => ofPod);
      // Figures of pods may be of another moment than that of their node.
      const scale = ofPods > power ? power / ofPods : 1;
      const weight = sumOver(fleet.ofNode.get(node) ?? [], weightOfAll);
      return [node, { power, scale, rest: power - ofPods * scale, weight }] as const;
    }),
  );
  return {
    ofDevice({ accelerators, pod, sharers }) {
      const node = nodes.get(accelerators.node);
      if (node === undefined || node.weight === 0) return hostPowerOf(accelerators.power) / sharers;
      const devices = sumOver(pod.holds, (held) => held.devices);
      return (caused(pod) * node.scale) / devices + (node.rest * accelerators.power.idle) / node.weight;
    },
    ofAll(accelerators, gpus) {
      const node = nodes.get(accelerators.node);
      const weight = weightOfAll(accelerators);
      return node === undefined || node.weight === 0
        ? gpus * hostPowerOf(accelerators.power)
        : (node.power * weight) / node.weight;
    },
  };
}

/** Devices by the power of their kind: an instance of a GPU needs less of a host than a whole one. */
function weightOfAll({ asked, capacity, power }: NodeAccelerators): number {
  return Math.max(asked, capacity) * power.idle;
}
