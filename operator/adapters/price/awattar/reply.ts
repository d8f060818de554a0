import type { ReplyShape } from '../../../ports/http.ts';

export interface MarketRow {
  /** Milliseconds since 1970. */
  readonly start_timestamp: number;
  readonly end_timestamp: number;
  /** EUR/MWh without taxes; negative where the market pays for consumption. */
  readonly marketprice: number | null;
}

export interface MarketReply {
  readonly data: readonly MarketRow[];
  /** Which country's market it is: `/de/v1/marketdata`. */
  readonly url?: string;
}

const row = {
  type: 'object',
  required: ['start_timestamp', 'end_timestamp', 'marketprice', 'unit'],
  properties: {
    start_timestamp: { type: 'integer' },
    end_timestamp: { type: 'integer' },
    marketprice: { type: 'number', nullable: true },
    unit: { enum: ['Eur/MWh', 'EUR/MWh'] },
  },
};

/** `GET /v1/marketdata`: one row an hour, as far as the auction has been held; no rows beyond. */
export const MARKET_DATA: ReplyShape<MarketReply> = {
  type: 'object',
  required: ['data'],
  properties: { data: { type: 'array', items: row }, url: { type: 'string' } },
};
