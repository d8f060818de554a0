import type { ReplyShape } from '../../../ports/http.ts';

export interface Rate {
  /** Pence per kWh; negative where the tariff pays for consumption. */
  readonly value_exc_vat: number | null;
  readonly value_inc_vat: number | null;
  /** ISO 8601 with an offset. `null`: it has always held. */
  readonly valid_from: string | null;
  /** `null`: until it is replaced. */
  readonly valid_to: string | null;
  /** Tariffs that cost more without a direct debit list each rate twice: `DIRECT_DEBIT` and `NON_DIRECT_DEBIT`. */
  readonly payment_method?: string | null;
}

export interface RatesReply {
  /** The next page, an absolute URL; `null` on the last one. */
  readonly next: string | null;
  readonly results: readonly Rate[];
}

const instant = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$`,
  nullable: true,
};

const rate = {
  type: 'object',
  required: ['value_exc_vat', 'value_inc_vat', 'valid_from', 'valid_to'],
  properties: {
    value_exc_vat: { type: 'number', nullable: true },
    value_inc_vat: { type: 'number', nullable: true },
    valid_from: instant,
    valid_to: instant,
    payment_method: { type: 'string', nullable: true },
  },
};

/** `GET …/standard-unit-rates/`: what holds within the period, the newest first. */
export const RATES: ReplyShape<RatesReply> = {
  type: 'object',
  required: ['next', 'results'],
  properties: { next: { type: 'string', nullable: true }, results: { type: 'array', items: rate } },
};
