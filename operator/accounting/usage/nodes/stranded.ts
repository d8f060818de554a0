import type { NodeUsage, Rate } from '../../../domain/usage/assessment.ts';
import { MINUTE_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';
import { compareText } from '../../../domain/compare-text.ts';
import { podKey } from '../devices/measured-gpus.ts';
import { rateOf } from '../rate.ts';
import type { WaitingPod } from '../usage-snapshot.ts';

/** Nodes come and pods go within this time, and then the scheduler looks again. */
const WAITING_FOR: DurationMs = 10 * MINUTE_MS;

interface Around {
  readonly now: EpochMs;
  readonly waiting: readonly WaitingPod[];
  readonly held: number;
  /** Of the node, all devices together. */
  readonly rate: Rate;
  /** How many its devices are where each that is shared counts once. */
  readonly gpus: number;
}

/**
 * Free devices of a node of which others are held, while pods wait for more of them than are free and no more than the node has:
 * were it empty, they could have it. A pod that asks for no more than are free waits for something else, or may not come here; one
 * that asks for more than the node has never fits. A node that nobody holds anything of is free, and not stranded.
 */
export function strandedOf(
  accelerators: NodeAccelerators,
  { gpus, held, now, rate, waiting }: Around,
): NodeUsage['stranded'] {
  const { acceptsWork, capacity, power, resource } = accelerators;
  const free = capacity - held;
  if (!acceptsWork || held === 0 || free <= 0) return undefined;
  const asking = waiting
    .flatMap((pod) => askingFor(pod, accelerators, now))
    .filter(({ devices }) => devices > free && devices <= capacity)
    .sort(byDevices);
  const [least] = asking;
  if (least === undefined) return undefined;
  const idle = rateOf({ devices: free, power: power.idle * gpus * (free / capacity) }, accelerators);
  return {
    devices: free,
    rate: idle.power <= rate.power ? idle : rateOf({ devices: free, power: powerOf(rate, accelerators) }, accelerators),
    message: messageOf(least, { free, resource, count: asking.length }),
  };
}

interface Asking {
  readonly pod: WaitingPod;
  readonly devices: number;
}

/** Of a pod that may be at the site and have the product; what else it asks of a node is not known. */
function askingFor(pod: WaitingPod, { product, resource, site }: NodeAccelerators, now: EpochMs): readonly Asking[] {
  if (now - pod.unschedulableSince < WAITING_FOR || pod.sites?.includes(site?.name ?? '') === false) return [];
  const asks = pod.asks.find((one) => one.resource === resource);
  if (asks === undefined || asks.devices === 0 || asks.products?.includes(product) === false) return [];
  return [{ pod, devices: asks.devices }];
}

function byDevices(a: Asking, b: Asking): number {
  return a.devices - b.devices || compareText(podKey(a.pod), podKey(b.pod));
}

/** Before PUE, of all devices. */
function powerOf({ power }: Rate, { site }: NodeAccelerators): number {
  return power / (site?.pue ?? 1);
}

function messageOf(
  { devices, pod }: Asking,
  { count, free, resource }: { readonly count: number; readonly free: number; readonly resource: string },
): string {
  const wait = count === 1 ? '1 pod waits' : `${String(count)} pods wait`;
  const stranded = `${String(free)} ${resource} ${free === 1 ? 'is' : 'are'} free while ${wait} for more`;
  return `${stranded}: the smallest, ${podKey(pod)}, asks for ${String(devices)}`;
}
