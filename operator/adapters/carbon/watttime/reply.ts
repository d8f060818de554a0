import type { ReplyShape } from '../../../ports/http.ts';

/** The signals that are read here; the provider has others, of health damage. */
export type SignalType = 'co2_moer' | 'co2_aoer';

/** Pounds of CO2 per megawatt-hour. `/v3/signal-index` answers in `percentile`, and a percentile is no intensity. */
export const UNITS = 'lbs_co2_per_mwh';

export interface Point {
  /** Start of the stretch, ISO 8601 with an offset. */
  readonly point_time: string;
  /** In `meta.units`. */
  readonly value: number | null;
  /** In history, where it was asked for: data that should have been there were filled in. */
  readonly imputed_data_used?: boolean;
}

export interface SignalReply {
  readonly data: readonly Point[];
  /** It may bear warnings for people; they change nothing in the figures. All points are of one model. */
  readonly meta: {
    readonly region: string;
    readonly signal_type: string;
    readonly units: string;
    /** How long each point holds: 300 of marginal intensity, 3600 of average. */
    readonly data_point_period_seconds: number;
    /** Of forecasts alone. */
    readonly generated_at?: string;
  };
}

export interface LoginReply {
  readonly token: string;
}

const instant = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$`,
};

/** `GET /v3/forecast` and `GET /v3/historical`. */
export const SIGNAL: ReplyShape<SignalReply> = {
  type: 'object',
  required: ['data', 'meta'],
  properties: {
    data: {
      type: 'array',
      items: {
        type: 'object',
        required: ['point_time', 'value'],
        properties: {
          point_time: instant,
          value: { type: 'number', minimum: 0, nullable: true },
          imputed_data_used: { type: 'boolean' },
        },
      },
    },
    meta: {
      type: 'object',
      required: ['region', 'signal_type', 'units', 'data_point_period_seconds'],
      properties: {
        region: { type: 'string' },
        signal_type: { type: 'string' },
        units: { type: 'string' },
        data_point_period_seconds: { type: 'number', exclusiveMinimum: 0 },
        generated_at: instant,
      },
    },
  },
};

/** `GET /login`, which is outside `/v3`. */
export const LOGIN: ReplyShape<LoginReply> = {
  type: 'object',
  required: ['token'],
  properties: { token: { type: 'string', minLength: 1 } },
};
