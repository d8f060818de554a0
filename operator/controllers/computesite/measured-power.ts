import type {
  ComputeSiteStatus,
  ComputeSiteStatusAcceleratorMeasuredPower as MeasuredPower,
} from '../../api/v1alpha1/compute-site.generated.ts';
import type { AcceleratorPower } from '../../domain/site.ts';
import { watts } from '../../domain/units.ts';
import type { SiteUse } from '../usage/usage-reader.ts';

type Accelerators = NonNullable<ComputeSiteStatus['accelerators']>;

/** Plans are not to change with what is measured anew every minute: what moves by no more stays as it was told. */
const STEADY_SHARE = 0.05;

/**
 * The devices of a status with the power of one of each product. What was measured once holds until something else is: an
 * outage of the source, a restart, or a site that is scaled to zero does not take it away, only a source that is configured no more.
 */
export function withMeasuredPower(
  shown: Accelerators,
  { isMeasured, use }: { readonly isMeasured: boolean; readonly use: SiteUse | undefined },
  before: ComputeSiteStatus,
): Accelerators {
  return shown.map((pool) => {
    const found = use?.products.find(({ product }) => product === pool.product)?.measured;
    const told = before.accelerators?.find(({ product }) => product === pool.product)?.measuredPower;
    const measuredPower = measured(found, isMeasured ? told : undefined);
    return { ...pool, ...(measuredPower !== undefined && { measuredPower }) };
  });
}

/**
 * Power of one device as jobs are planned with it: as measured at the site, else that of the product. Where only the busy
 * power is known, a device that idles draws in proportion to the product's; it never draws more than one that works.
 */
export function plannedPower(product: AcceleratorPower, told: MeasuredPower | undefined): AcceleratorPower {
  const { busyWatts, idleWatts } = told ?? {};
  if (busyWatts === undefined && idleWatts === undefined) return product;
  const busy = watts(busyWatts ?? product.busy);
  const idle = idleWatts ?? Math.round((product.idle * busy) / product.busy);
  return { busy, idle: watts(Math.min(idle, busy)), basis: busyWatts === undefined ? product.basis : 'Measured' };
}

type Found = SiteUse['products'][number]['measured'];

function measured(found: Found | undefined, told: MeasuredPower | undefined): MeasuredPower | undefined {
  const busyWatts = steady(found?.busy, told?.busyWatts);
  const idleWatts = steady(found?.idle, told?.idleWatts);
  if (busyWatts === undefined && idleWatts === undefined) return undefined;
  return { ...(busyWatts !== undefined && { busyWatts }), ...(idleWatts !== undefined && { idleWatts }) };
}

function steady(found: number | undefined, told: number | undefined): number | undefined {
  if (found === undefined) return told;
  // A device that works draws something, and so does its host.
  const whole = Math.max(1, Math.round(found));
  return told !== undefined && Math.abs(whole - told) <= STEADY_SHARE * told ? told : whole;
}
