import type { ReplyShape } from '../../../ports/http.ts';

export interface ForecastRow {
  /** Start of the stretch, ISO 8601 with an offset. */
  readonly timestamp: string;
  /** In whole minutes. */
  readonly duration: number;
  /** g/kWh. */
  readonly value: number | null;
}

/**
 * One location's forecast. The best row comes beside it, as `optimalDataPoint` by the documents and `optimalDataPoints` by the
 * code; it is one of the rows, and not read.
 */
export interface LocationForecast {
  /** As it was asked for; the rows name the region of the SDK's data source instead. */
  readonly location: string;
  readonly generatedAt: string;
  readonly forecastData: readonly ForecastRow[] | null;
}

export interface EmissionsRow {
  /** The location, or the region that the SDK's data source has for it. */
  readonly location: string | null;
  /** Start of the stretch, ISO 8601 with an offset. */
  readonly time: string;
  /** g/kWh. */
  readonly rating: number | null;
  /** A TimeSpan: `00:05:00`. */
  readonly duration: string;
}

const instant = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$`,
};
const intensity = { type: 'number', minimum: 0, nullable: true };

/** `GET /emissions/forecasts/current`: a forecast for each location asked for. */
export const FORECASTS: ReplyShape<readonly LocationForecast[]> = {
  type: 'array',
  items: {
    type: 'object',
    required: ['location', 'generatedAt', 'forecastData'],
    properties: {
      location: { type: 'string' },
      generatedAt: instant,
      forecastData: {
        type: 'array',
        nullable: true,
        items: {
          type: 'object',
          required: ['timestamp', 'duration', 'value'],
          properties: { timestamp: instant, duration: { type: 'number', minimum: 0 }, value: intensity },
        },
      },
    },
  },
};

/** `GET /emissions/bylocations`. */
export const EMISSIONS: ReplyShape<readonly EmissionsRow[]> = {
  type: 'array',
  items: {
    type: 'object',
    required: ['time', 'rating', 'duration'],
    properties: {
      location: { type: 'string', nullable: true },
      time: instant,
      rating: intensity,
      duration: { type: 'string' },
    },
  },
};
