import type { ReplyShape } from '../../../ports/http.ts';

/** Lists of one length: what belongs together stands at the same place. */
export interface IntensityReply {
  /** Beginnings of the rows. */
  readonly unix_seconds: readonly number[];
  /** gCO2eq/kWh that came; null where that is not known. */
  readonly co2eq: readonly (number | null)[];
  /** gCO2eq/kWh that are expected; null where something came, and where nothing is expected yet. */
  readonly co2eq_forecast: readonly (number | null)[];
}

const grams = { type: 'array', items: { type: 'number', minimum: 0, nullable: true } };

/** `GET /co2eq`: rows of a quarter of an hour; without a time those of today and tomorrow, as the country counts days. */
export const INTENSITY: ReplyShape<IntensityReply> = {
  type: 'object',
  required: ['unix_seconds', 'co2eq', 'co2eq_forecast'],
  properties: {
    unix_seconds: { type: 'array', items: { type: 'integer' } },
    co2eq: grams,
    co2eq_forecast: grams,
  },
};
