import type { ReplyShape } from '../../ports/http.ts';

/** Unix seconds, to the millisecond; and the value as Prometheus writes it, also `NaN`, `+Inf` and `-Inf`. */
export type SampleRow = readonly [number, string];

export interface SeriesRow {
  readonly metric: Readonly<Record<string, string>>;
  /** At an instant. */
  readonly value?: SampleRow;
  /** Over a range. */
  readonly values?: readonly SampleRow[];
  /** Instead of the above, or beside them, where the series is a native histogram. */
  readonly histogram?: unknown;
  readonly histograms?: unknown;
}

export interface QueryReply {
  readonly status: 'success' | 'error';
  readonly data?: {
    readonly resultType: 'vector' | 'matrix' | 'scalar' | 'string';
    /** Of a scalar and a string it is one sample; it is not read. */
    readonly result: readonly (SeriesRow | number | string)[];
  };
  readonly errorType?: string;
  readonly error?: string;
  /** Beside data: what could not be read, as of Thanos' stores that are away; or, before Prometheus 3, annotations of PromQL. */
  readonly warnings?: readonly string[] | null;
  /** As VictoriaMetrics says it, without words. */
  readonly isPartial?: boolean;
}

const sample = {
  type: 'array',
  minItems: 2,
  items: [{ type: 'number' }, { type: 'string', pattern: String.raw`^(NaN|[+-]?Inf|-?\d+(\.\d+)?(e[+-]?\d+)?)$` }],
  additionalItems: false,
};

/** Of a scalar or a string there are a number and a text instead of it. */
const series = {
  type: ['object', 'number', 'string'],
  required: ['metric'],
  properties: {
    metric: { type: 'object', additionalProperties: { type: 'string' } },
    value: sample,
    values: { type: 'array', items: sample },
  },
};

/** `GET /api/v1/query` and `/api/v1/query_range`, https://prometheus.io/docs/prometheus/latest/querying/api/. */
export const QUERY: ReplyShape<QueryReply> = {
  type: 'object',
  required: ['status'],
  properties: {
    status: { enum: ['success', 'error'] },
    errorType: { type: 'string' },
    error: { type: 'string' },
    warnings: { type: ['array', 'null'], items: { type: 'string' } },
    isPartial: { type: 'boolean' },
    data: {
      type: 'object',
      required: ['resultType', 'result'],
      properties: {
        resultType: { enum: ['vector', 'matrix', 'scalar', 'string'] },
        result: { type: 'array', items: series },
      },
    },
  },
};
