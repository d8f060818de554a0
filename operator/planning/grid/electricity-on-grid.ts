import type { Interval } from '../../domain/interval.ts';
import { overlapOf } from '../../domain/interval.ts';
import { priceOutsideSamples, type Site } from '../../domain/site.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { integralTo, layOnGrid, type RunningIntegral } from './running-integral.ts';
import { edge, type TimeGrid } from './time-grid.ts';

/** What electricity costs at a site, in its currency. It is always known: a gap has the price that stands outside. */
export interface ElectricityOnGrid {
  /** Money per kWh off the grid, and at all times where the price does not vary. */
  readonly outside: number;
  /** Absent where the price is the same at all times, and speaks for none of them. */
  readonly varying: VaryingPrice | undefined;
}

/** The integral is in money per kWh x h. */
export interface VaryingPrice extends RunningIntegral {
  /** The dearest slot's mean price less the cheapest one's. */
  readonly spread: number;
}

type Priced = Pick<Site, 'electricityPrices' | 'electricityPricePerKilowattHour'>;

export function electricityOnGrid(site: Priced, grid: TimeGrid): ElectricityOnGrid {
  const outside = priceOutsideSamples(site);
  const lastKnown = site.electricityPrices.at(-1)?.endsAt ?? -Infinity;
  if (lastKnown <= edge(grid, 0)) return { outside, varying: undefined };
  return { outside, varying: laid(site, outside, grid) };
}

function laid({ electricityPrices }: Priced, outside: number, grid: TimeGrid): VaryingPrice {
  const integral = new Float64Array(grid.slots + 1);
  let dearest = -Infinity;
  let cheapest = Infinity;
  layOnGrid(
    electricityPrices,
    grid,
    ({ perKilowattHour }) => perKilowattHour,
    (slot, { figureHours, coveredMs }) => {
      const length = edge(grid, slot + 1) - edge(grid, slot);
      const priceHours = figureHours + outside * ((length - coveredMs) / HOUR_MS);
      integral[slot + 1] = (integral[slot] ?? 0) + priceHours;
      const mean = (priceHours * HOUR_MS) / length;
      dearest = Math.max(dearest, mean);
      cheapest = Math.min(cheapest, mean);
    },
  );
  return { grid, integral, spread: dearest - cheapest };
}

/** Integral of the price over a window, in money per kWh x h; what lies off the grid has the price outside. */
export function priceHoursOver({ outside, varying }: ElectricityOnGrid, window: Interval): number {
  const { startsAt, endsAt } = window;
  if (varying === undefined) return outside * ((endsAt - startsAt) / HOUR_MS);
  const { grid } = varying;
  const whole = { startsAt: edge(grid, 0), endsAt: edge(grid, grid.slots) };
  const onGrid = overlapOf(window, whole);
  const off = outside * ((endsAt - startsAt - onGrid) / HOUR_MS);
  if (onGrid === 0) return off;
  return (
    off + integralTo(varying, Math.min(endsAt, whole.endsAt)) - integralTo(varying, Math.max(startsAt, whole.startsAt))
  );
}
