import type { ReplyShape } from '../../../ports/http.ts';

export interface IntensityRow {
  /** Start and end of the half-hour, in UTC to the minute; to the second is read as well. */
  readonly from: string;
  readonly to: string;
  readonly intensity: {
    /** gCO2/kWh. */
    readonly forecast: number | null;
    /** gCO2/kWh. Null until it is known, which is not zero. Regions have none, not even of the past. */
    readonly actual?: number | null;
  };
}

export interface NationalReply {
  readonly data: readonly IntensityRow[];
}

export interface Region {
  readonly regionid: number;
  readonly data: readonly IntensityRow[];
}

export interface RegionalReply {
  /** One region, as it is served; a list of regions, as it is documented. */
  readonly data: Region | readonly Region[];
}

const time = { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$` };
const grams = { type: 'number', minimum: 0, nullable: true };

const rows = {
  type: 'array',
  items: {
    type: 'object',
    required: ['from', 'to', 'intensity'],
    properties: {
      from: time,
      to: time,
      intensity: { type: 'object', required: ['forecast'], properties: { forecast: grams, actual: grams } },
    },
  },
};

const region = {
  type: 'object',
  required: ['regionid', 'data'],
  properties: { regionid: { type: 'integer' }, data: rows },
};

/** `GET /intensity/{from}/{to}`: half-hours of Great Britain as a whole. */
export const NATIONAL: ReplyShape<NationalReply> = {
  type: 'object',
  required: ['data'],
  properties: { data: rows },
};

/** `GET /regional/intensity/{from}/{to}/regionid/{id}`: half-hours of one region. */
export const REGIONAL: ReplyShape<RegionalReply> = {
  type: 'object',
  required: ['data'],
  properties: { data: { anyOf: [region, { type: 'array', items: region }] } },
};
