import type { ReplyShape } from '../../../ports/http.ts';

/** Lists of one length: what belongs together stands at the same place. */
export interface PriceReply {
  /** Beginnings of the rows. */
  readonly unix_seconds: readonly number[];
  /** EUR/MWh, whatever the money of the zone is; negative where the market pays for consumption, null where it is not known. */
  readonly price: readonly (number | null)[];
}

/** `GET /price`: rows of a quarter of an hour, of an hour for some zones; 404 where nothing of it is published. */
export const PRICES: ReplyShape<PriceReply> = {
  type: 'object',
  required: ['unix_seconds', 'price', 'unit'],
  properties: {
    unix_seconds: { type: 'array', items: { type: 'integer' } },
    price: { type: 'array', items: { type: 'number', nullable: true } },
    unit: { enum: ['EUR / MWh', 'EUR/MWh'] },
  },
};
