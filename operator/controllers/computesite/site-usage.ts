import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { findCondition } from '../../api/v1alpha1/conditions.ts';
import type { SiteUse } from '../usage/usage-reader.ts';
import type { Statement } from './carbon-now.ts';

type Devices = Pick<ComputeSiteStatus, 'devices' | 'accelerators'>;

const PERCENT = 100;
/** Figures jitter with every turn of the usage cycle: what moves by no more is not worth a write. */
const STEADY_PERCENT_POINTS = 2;
const STEADY_SHARE_OF_WATTS = 0.02;

/** The devices of a status with what they are used for; as they are where nothing was assessed. */
export function withUsage(shown: Devices, use: SiteUse | undefined, before: ComputeSiteStatus): Devices {
  if (use === undefined) return shown;
  const accelerators = shown.accelerators?.map((pool) => {
    const found = use.products.find(({ product }) => product === pool.product);
    if (found === undefined) return pool;
    const told = before.accelerators?.find(({ product }) => product === pool.product);
    const utilisation =
      found.active === undefined ? undefined : steadyPercent(PERCENT * found.active, told?.utilisation);
    return {
      ...pool,
      ...(utilisation !== undefined && { utilisation }),
      watts: steadyWatts(found.rate.power, told?.watts),
    };
  });
  const utilisation = meanUtilisation(use, before.devices?.utilisation);
  return {
    ...(accelerators !== undefined && { accelerators }),
    ...(shown.devices !== undefined && {
      devices: { ...shown.devices, ...(utilisation !== undefined && { utilisation }) },
    }),
  };
}

/** `undefined`: there is nothing to say, and never was. */
export function usageStatement(use: SiteUse | undefined, before: ComputeSiteStatus): Statement | undefined {
  if (use !== undefined) return use.known;
  if (findCondition(before.conditions, 'UsageKnown') === undefined) return undefined;
  return { status: 'Unknown', reason: 'NoData', message: 'what its accelerators do is not assessed now' };
}

function meanUtilisation({ products }: SiteUse, told: number | undefined): number | undefined {
  let [devices, known, active] = [0, 0, 0];
  for (const product of products) {
    devices += product.usable;
    if (product.active === undefined) continue;
    known += product.usable;
    active += product.usable * product.active;
  }
  return known === 0 || known < devices / 2 ? undefined : steadyPercent((PERCENT * active) / known, told);
}

function steadyPercent(found: number, told: number | undefined): number {
  const percent = Math.round(Math.min(PERCENT, Math.max(0, found)));
  if (told === undefined || percent === 0) return percent;
  return Math.abs(percent - told) <= STEADY_PERCENT_POINTS ? told : percent;
}

function steadyWatts(found: number, told: number | undefined): number {
  const watts = Math.round(found);
  if (told === undefined) return watts;
  return Math.abs(watts - told) <= STEADY_SHARE_OF_WATTS * told ? told : watts;
}
