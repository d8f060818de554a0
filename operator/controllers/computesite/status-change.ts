import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { sameJson } from '../same-json.ts';

/** `Moving`: only figures differ that move all the time, so that they need not be written at every move. */
export type StatusChange = 'None' | 'Moving' | 'Material';

export function statusChange(before: ComputeSiteStatus, after: ComputeSiteStatus): StatusChange {
  if (sameJson(before, after)) return 'None';
  return sameJson(withoutMoving(before), withoutMoving(after)) ? 'Moving' : 'Material';
}

/** Without intensity, prices, forecasts, what is allocated and what is done with it, drawn by it and said about that. */
function withoutMoving({
  intensity,
  electricityPrice,
  forecastUntil: _until,
  forecasts: _forecasts,
  electricityPrices: _prices,
  devices,
  accelerators,
  conditions,
  ...rest
}: ComputeSiteStatus): object {
  return {
    ...rest,
    hasIntensity: intensity !== undefined,
    intensityIs: [intensity?.signal, intensity?.scope, intensity?.source, intensity?.rung],
    priceIs: [electricityPrice?.currency, electricityPrice?.source],
    capacity: devices?.capacity,
    accelerators: accelerators?.map(
      ({ allocated: _a, utilisation: _u, watts: _w, measuredPower: _m, ...pool }) => pool,
    ),
    conditions: conditions?.map((one) => (one.type === 'UsageKnown' ? { ...one, message: '' } : one)),
  };
}
