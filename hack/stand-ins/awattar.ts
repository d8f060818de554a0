import { HOUR_MS } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

export interface AwattarOptions extends StandInOptions {
  /** The country whose host it is. */
  readonly country: 'de' | 'at';
}

const HOURS_AHEAD = 24;

/** aWATTar v1: `/v1/marketdata` of one country, EUR/MWh. `figures` says `undefined` of hours that are not published. */
export class AwattarStandIn extends StandIn {
  constructor(options: AwattarOptions) {
    super((request) => answer(request, options));
  }
}

function answer({ path, query }: StandInRequest, { country, figures, now }: AwattarOptions): StandInReply {
  if (path !== '/v1/marketdata') return { status: 404, body: { error: 'Not Found' } };
  const start = Number(query.get('start') ?? Math.floor(now() / HOUR_MS) * HOUR_MS);
  const end = Number(query.get('end') ?? start + HOURS_AHEAD * HOUR_MS);
  if (!Number.isInteger(start) || !Number.isInteger(end)) {
    return { status: 400, body: { error: 'start and end are milliseconds' } };
  }
  // Hours that are within the period from beginning to end.
  const hours = stretches(start, end, HOUR_MS).filter((at) => at >= start && at + HOUR_MS <= end);
  const data = hours.flatMap((at) => {
    const marketprice = figures(country.toUpperCase(), at);
    return marketprice === undefined
      ? []
      : [{ start_timestamp: at, end_timestamp: at + HOUR_MS, marketprice, unit: 'Eur/MWh' }];
  });
  return { body: { object: 'list', data, url: `/${country}/v1/marketdata` } };
}
