import { ACCELERATORS } from './accelerator-power-data.ts';
import type { AcceleratorPower } from '../site.ts';
import { watts, type Watts } from '../units.ts';

/**
 * Share of its range from idle to full power that an accelerator is expected to use while a job holds it.
 * 0.8 puts an H100 at 576 W; measured under load: 517 to 593 W (H200), 267 to 680 W (H100). Sources: docs/data-sources.md.
 */
export const EXPECTED_UTILISATION = 0.8;

/** Idle power as a share of TDP. Measured: an H200 of 700 W idles at 80.3 W. Assumed: the same share for every product. */
export const IDLE_SHARE_OF_TDP = 0.115;

/**
 * Power of the host (processors, memory, network, fans, losses of its supply) for one accelerator, as a share of its
 * TDP, busy or idle. Two measurements bear it: 8 x H100 in training drew at most 8.4 kW, 2.8 kW above the TDP of the
 * GPUs (0.50; Latif et al., IEEE Access 2025), and idle nodes of 8 x A100 drew 237 W a GPU, 191 W without the GPU's own
 * (0.48; Luccioni et al., JMLR 2023).
 */
export const HOST_SHARE_OF_TDP = 0.48;

/** TDP of a product that is not in the table: that of an A100 (SXM), the middle of what data centres run. */
export const ASSUMED_TDP: Watts = watts(400);

/** Compute slices of a GPU that can be cut into instances (MIG): seven, but four for these. */
const MIG_SLICES = 7;
const FOUR_SLICES = new Set(['A30', 'RTX-PRO-6000-BLACKWELL-SERVER-EDITION']);

const TDP_BY_NAME = new Map(ACCELERATORS.map(([product, tdpWatts]) => [nameOf(product), watts(tdpWatts)]));

/**
 * Power of one device of a product, by the value of `nvidia.com/gpu.product` or `amd.com/gpu.product-name`, the host's
 * share included, before PUE. Case, `_` for `-`, and a leading vendor name make no difference.
 * - `…-MIG-3g.40gb`: the GPU's power by compute slices (3 of 7), `Assumed`: no data sheet says so.
 * - `…-SHARED` (time slicing): the whole GPU's, `Assumed`: how many share it is not in the name.
 * - not in the table: {@link ASSUMED_TDP}, `Assumed`.
 */
export function powerOf(product: string): AcceleratorPower {
  const { name, slices, shared } = parsed(product);
  const tdp = TDP_BY_NAME.get(name);
  const share = shareOf(name, slices);
  const basis = tdp === undefined || slices !== undefined || shared ? 'Assumed' : 'Table';
  return { ...powerAtTdp(watts((tdp ?? ASSUMED_TDP) * share)), basis };
}

/** Power of a device of a given TDP by the three shares above, in whole watts: they are no more exact than that. */
export function powerAtTdp(tdp: Watts): Pick<AcceleratorPower, 'busy' | 'idle'> {
  const idleShare = IDLE_SHARE_OF_TDP + HOST_SHARE_OF_TDP;
  const busyShare = idleShare + EXPECTED_UTILISATION * (1 - IDLE_SHARE_OF_TDP);
  return { idle: watts(Math.round(tdp * idleShare)), busy: watts(Math.round(tdp * busyShare)) };
}

/**
 * The host's share of the power of a device, busy or idle: that of its idle power by the two shares above, so that it fits
 * a power that somebody has written down as well.
 */
export function hostPowerOf({ idle }: Pick<AcceleratorPower, 'idle'>): Watts {
  return watts((idle * HOST_SHARE_OF_TDP) / (IDLE_SHARE_OF_TDP + HOST_SHARE_OF_TDP));
}

/**
 * Power of a device, the host's share included, on the straight line through idle and {@link EXPECTED_UTILISATION}.
 * @param active share of time in which it works, 0 to 1
 */
export function powerAtActivity({ busy, idle }: Pick<AcceleratorPower, 'busy' | 'idle'>, active: number): Watts {
  return watts(idle + (Math.min(1, Math.max(0, active)) / EXPECTED_UTILISATION) * (busy - idle));
}

/** What is in the name of a product. */
export interface ProductParts {
  /** Compute slices of the GPU that an instance (MIG) has, as a share of all; 1 for a whole GPU. */
  readonly share: number;
  readonly isInstance: boolean;
  /** Shared in time. */
  readonly isShared: boolean;
}

/** @param profile of an instance, e.g. `1g.10gb`, where the product does not name one */
export function partsOf(product: string, profile = ''): ProductParts {
  const { name, slices, shared } = parsed(product);
  const count = slices ?? parsed(`${name}-MIG-${profile}`).slices;
  return { share: shareOf(name, count), isInstance: count !== undefined, isShared: shared };
}

/** As GPU feature discovery appends them: first the instance's profile, then that it is shared. */
const SUFFIXES = /^(?<gpu>.*?)(?:-MIG-(?<slices>[1-9])G\.\d+GB[A-Z0-9.+-]*?)?(?<shared>-SHARED)?$/;

function parsed(product: string): { name: string; slices: number | undefined; shared: boolean } {
  const groups = SUFFIXES.exec(nameOf(product))?.groups ?? {};
  return {
    name: groups['gpu'] ?? '',
    slices: groups['slices'] === undefined ? undefined : Number(groups['slices']),
    shared: groups['shared'] !== undefined,
  };
}

function shareOf(name: string, slices: number | undefined): number {
  return slices === undefined ? 1 : Math.min(1, slices / (FOUR_SLICES.has(name) ? 4 : MIG_SLICES));
}

/** Drivers and labellers write one product in several ways: `A100-SXM4-40GB`, `NVIDIA-A100-SXM4-40GB`, `AMD_Instinct_MI300X_OAM`. */
function nameOf(product: string): string {
  return product
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_]+/g, '-')
    .replace(/^(?:NVIDIA|AMD)-/, '')
    .replace(/-(?:OAM|VF)$/, '');
}
