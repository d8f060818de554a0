import type { ReplyShape } from '../../../ports/http.ts';

export interface PriceRow {
  readonly zone?: string;
  /** Start of the hour, ISO 8601 in UTC with milliseconds. */
  readonly datetime: string;
  readonly value: number | null;
  /** `EUR/MWh`, or the same with another currency. */
  readonly unit: string;
  /** Who published it: `nordpool.com`. The provider's own name, or nothing, where it is its forecast of the auction. */
  readonly source?: string | null;
  readonly isEstimated?: boolean;
  /** `SANDBOX_MODE_DATA` where a sandbox key asks. */
  readonly estimationMethod?: string | null;
}

export interface PricesReply {
  readonly zone: string;
  readonly data: readonly PriceRow[];
  /** Begins with `SANDBOX MODE` where the figures are made up; other disclaimers speak of licences. */
  readonly _disclaimer?: string;
}

const row = {
  type: 'object',
  required: ['datetime', 'value', 'unit'],
  properties: {
    zone: { type: 'string' },
    datetime: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$` },
    value: { type: 'number', nullable: true },
    unit: { type: 'string', pattern: '^[A-Z]{3}/MWh$' },
    source: { type: 'string', nullable: true },
    isEstimated: { type: 'boolean' },
    estimationMethod: { type: 'string', nullable: true },
  },
};

/** `GET /v4/price-day-ahead/combined`: hours from the one under way to the same of tomorrow, published and expected. */
export const PRICES: ReplyShape<PricesReply> = {
  type: 'object',
  required: ['zone', 'data'],
  properties: {
    zone: { type: 'string' },
    // No other is asked for, and other rows would not hold for an hour.
    temporalGranularity: { const: 'hourly' },
    _disclaimer: { type: 'string' },
    data: { type: 'array', items: row },
  },
};
