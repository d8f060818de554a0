import type { ReplyShape } from '../../../ports/http.ts';

/** Lengths of time that a row may stand for, in the provider's words. */
export type Granularity = '5_minutes' | '15_minutes' | 'hourly';

export interface IntensityRow {
  /** Start of the stretch, ISO 8601 in UTC with milliseconds. */
  readonly datetime: string;
  /** gCO2e/kWh. */
  readonly carbonIntensity: number | null;
  /** Absent in forecasts. */
  readonly isEstimated?: boolean;
  /** `SANDBOX_MODE_DATA` where a sandbox key asks. */
  readonly estimationMethod?: string | null;
}

interface Reply {
  readonly zone: string;
  /** What the rows are, which may be less than what was asked for. */
  readonly temporalGranularity?: Granularity;
  /** Begins with `SANDBOX MODE` where the figures are made up; other disclaimers speak of licences. */
  readonly _disclaimer?: string;
}

export interface ForecastReply extends Reply {
  readonly forecast: readonly IntensityRow[];
}

export interface HistoryReply extends Reply {
  readonly history: readonly IntensityRow[];
}

const row = {
  type: 'object',
  required: ['datetime', 'carbonIntensity'],
  properties: {
    datetime: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$` },
    carbonIntensity: { type: 'number', minimum: 0, nullable: true },
    isEstimated: { type: 'boolean' },
    estimationMethod: { type: 'string', nullable: true },
  },
};

function replyWith(rows: 'forecast' | 'history') {
  return {
    type: 'object',
    required: ['zone', rows],
    properties: {
      zone: { type: 'string' },
      temporalGranularity: { enum: ['5_minutes', '15_minutes', 'hourly'] },
      _disclaimer: { type: 'string' },
      [rows]: { type: 'array', items: row },
    },
  };
}

/** `GET /v4/carbon-intensity/forecast`: `horizonHours` + 1 rows, the first of the hour that is under way. */
export const FORECAST: ReplyShape<ForecastReply> = replyWith('forecast');
/** `GET /v4/carbon-intensity/history`: the last 24 hours; the last rows may be estimated. */
export const HISTORY: ReplyShape<HistoryReply> = replyWith('history');
