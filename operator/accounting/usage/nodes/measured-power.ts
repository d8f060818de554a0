import { hostPowerOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { SiteUsage } from '../../../domain/usage/assessment.ts';
import type { UsageGrid } from '../../../domain/usage/usage-grid.ts';
import { MINUTE_MS, watts, type DurationMs } from '../../../domain/units.ts';
import type { MeasuredDevice } from '../devices/measured-gpus.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';

/** A device that works half the time and more works as in a job; the power of one that works less is of neither kind. */
const BUSY_FROM = 0.5;
const IDLE_BELOW = 0.05;
/** Power in single minutes goes up and down by half with the phases of a job; the mean of so many by a tenth. */
const LEAST_TIME: DurationMs = 30 * MINUTE_MS;

interface Tally {
  power: number;
  columns: number;
}

/**
 * Mean power of one device of a product at a site, busy and idle, over all of the grid, with the usual share of the host; unknown
 * under half an hour of one device. Of products that are whole GPUs only: what an instance or a share of one draws nobody measures.
 */
export function measuredPower(
  devices: readonly MeasuredDevice[],
  { step }: Pick<UsageGrid, 'step'> = { step: 0 },
): (site: string, product: string) => SiteUsage['measured'] {
  const tallies = new Map<string, { readonly busy: Tally; readonly idle: Tally; readonly host: number }>();
  for (const { accelerators, gpu, key, series } of devices) {
    if (accelerators === undefined || key !== `${gpu}\n` || isPart(accelerators)) continue;
    const place = `${accelerators.site?.name ?? ''}\n${accelerators.product}`;
    const host = hostPowerOf(accelerators.power);
    const tally = tallies.get(place) ?? { busy: { power: 0, columns: 0 }, idle: { power: 0, columns: 0 }, host };
    tallies.set(place, tally);
    for (const one of series) addTo(tally, one);
  }
  return (site, product) => {
    const tally = tallies.get(`${site}\n${product}`);
    const mean = (of: Tally | undefined) =>
      of === undefined || of.columns * step < LEAST_TIME
        ? undefined
        : watts(of.power / of.columns + (tally?.host ?? 0));
    return { busy: mean(tally?.busy), idle: mean(tally?.idle) };
  };
}

function isPart({ parts: { isInstance, isShared } }: NodeAccelerators): boolean {
  return isInstance || isShared;
}

function addTo(
  { busy, idle }: { readonly busy: Tally; readonly idle: Tally },
  { active, power }: Pick<MeasuredDevice['series'][number], 'active' | 'power'>,
): void {
  for (let k = 0; k < active.length; k++) {
    const share = active[k] ?? NaN;
    const drawn = power[k] ?? NaN;
    const tally = share >= BUSY_FROM ? busy : share < IDLE_BELOW ? idle : undefined;
    if (tally === undefined || !Number.isFinite(drawn)) continue;
    tally.power += drawn;
    tally.columns += 1;
  }
}
