import { HOUR_MS, MINUTE_MS } from '../../operator/domain/units.ts';
import type { Secret } from '../../operator/ports/secrets.ts';
import { AwattarStandIn } from '../stand-ins/awattar.ts';
import { CarbonAwareSdkStandIn } from '../stand-ins/carbon-aware-sdk.ts';
import { ElectricityMapsStandIn } from '../stand-ins/electricity-maps.ts';
import { EnergyChartsStandIn } from '../stand-ins/energy-charts.ts';
import { OctopusStandIn } from '../stand-ins/octopus.ts';
import type { Figures, StandIn } from '../stand-ins/stand-in.ts';
import { UkCarbonIntensityStandIn } from '../stand-ins/uk-carbon-intensity.ts';
import { WattTimeStandIn } from '../stand-ins/watttime.ts';
import type { Questions } from './expectation.ts';
import { carbonProvider, priceProvider, type Credentials, type Provider, type Settings } from './providers.ts';
import { record, type CleanRecording } from './record.ts';

/** A recording of a stand-in: in the provider's shape, with figures that no terms of a provider are about. */
export interface MadeUpRecording {
  readonly file: string;
  readonly provider: Provider;
  readonly standIn: StandIn;
  /** Of the base URL, as the provider's has it. */
  readonly path?: string;
  readonly settings?: Settings;
  readonly credentials?: Credentials;
  readonly questions: Pick<Questions, 'zone'> & Partial<Questions>;
}

/** Before noon, when prices of the next day are not published. */
const NOW = Date.parse('2026-11-23T10:22:00Z');
const SHOWN_ORIGIN = 'http://stand-in.invalid';
const NOTE =
  'Recorded from a stand-in of hack/stand-ins in place of the provider: the shape is recorded, the figures are made up.';
const KEY = 'key-of-the-stand-in';
const [USERNAME, PASSWORD] = ['user-of-the-stand-in', 'password-of-the-stand-in'];

const said = (text: string): Secret => ({ read: () => Promise.resolve(text) });
const now = () => NOW;
/** So much by the hour of the day, more in the second zone. */
const byHour =
  (base: number, zones: Readonly<Record<string, number>> = {}): Figures =>
  (zone, at) =>
    base + (zones[zone] ?? 0) + new Date(at).getUTCHours() + new Date(at).getUTCMinutes() / 60;
const rounded =
  (figures: Figures): Figures =>
  (zone, at) =>
    Math.round(figures(zone, at) ?? NaN);
/** Prices of this day alone; for two hours from noon the market pays. */
const prices: Figures = (_, at) => {
  if (at >= Date.parse('2026-11-23T23:00:00Z')) return undefined;
  const hour = new Date(at).getUTCHours();
  return hour === 12 || hour === 13 ? -5 - hour / 10 : 80 + hour;
};

/** All that `test/contract/recordings` holds. */
export function madeUpRecordings(): readonly MadeUpRecording[] {
  return [...ofCarbon(), ...ofGreatBritain(), ...ofPrices()];
}

function ofCarbon(): readonly MadeUpRecording[] {
  return [
    {
      file: 'electricity-maps.json',
      provider: carbonProvider('electricity-maps'),
      standIn: new ElectricityMapsStandIn({
        ...{ key: KEY, zones: ['SE-SE3', 'DE'], now },
        figures: (zone, at) => (at < NOW - 8 * HOUR_MS ? undefined : rounded(byHour(20, { DE: 400 }))(zone, at)),
        estimatedRows: 2,
      }),
      path: '/v4',
      credentials: { key: said(KEY) },
      questions: { zone: 'SE-SE3', otherZones: ['DE'], behind: 6 * HOUR_MS },
    },
    {
      file: 'watttime.json',
      provider: carbonProvider('watttime'),
      standIn: new WattTimeStandIn({
        ...{ username: USERNAME, password: PASSWORD, regions: ['CAISO_NORTH'], now },
        figures: rounded(byHour(900)),
        imputedPoints: 2,
      }),
      settings: { region: 'CAISO_NORTH' },
      credentials: { username: said(USERNAME), password: said(PASSWORD) },
      questions: { zone: 'US-CAL-CISO', ahead: HOUR_MS, behind: HOUR_MS },
    },
    {
      file: 'energy-charts.json',
      provider: carbonProvider('energy-charts'),
      standIn: new EnergyChartsStandIn({
        ...{ countries: ['de'], now, rowMs: HOUR_MS },
        figures: rounded(byHour(400)),
        actuals: rounded(byHour(410)),
      }),
      questions: { zone: 'DE', behind: 6 * HOUR_MS },
    },
    {
      file: 'carbon-aware-sdk.json',
      provider: carbonProvider('carbon-aware-sdk'),
      standIn: new CarbonAwareSdkStandIn({
        ...{ locations: { swedencentral: 'SE' }, now, figures: byHour(20) },
        ...{ pointMs: 15 * MINUTE_MS, horizonMs: 4 * HOUR_MS },
      }),
      settings: { location: 'swedencentral', signal: 'Average', scope: 'Lifecycle' },
      questions: { zone: 'SE-SE3', ahead: 3 * HOUR_MS, behind: 2 * HOUR_MS },
    },
  ];
}

function ofGreatBritain(): readonly MadeUpRecording[] {
  const provider = carbonProvider('uk-carbon-intensity');
  const standIn = () =>
    new UkCarbonIntensityStandIn({
      ...{ figures: rounded(byHour(100, { 'GB-13': 50 })), actuals: rounded(byHour(107)), now },
      // What came of the last half-hour is told later.
      settledUntil: () => NOW - 30 * MINUTE_MS,
    });
  const times = { ahead: 3 * HOUR_MS, behind: 4 * HOUR_MS };
  return [
    {
      file: 'uk-carbon-intensity-national.json',
      ...{ provider, standIn: standIn(), questions: { zone: 'GB', ...times } },
    },
    {
      file: 'uk-carbon-intensity-regional.json',
      ...{ provider, standIn: standIn(), questions: { zone: 'GB-13', otherZones: ['GB'], ...times } },
    },
  ];
}

function ofPrices(): readonly MadeUpRecording[] {
  return [
    {
      file: 'electricity-maps-prices.json',
      provider: priceProvider('electricity-maps'),
      standIn: new ElectricityMapsStandIn({ key: KEY, zones: ['SE-SE3'], figures: () => undefined, prices, now }),
      path: '/v4',
      credentials: { key: said(KEY) },
      questions: { zone: 'SE-SE3' },
    },
    {
      file: 'energy-charts-prices.json',
      provider: priceProvider('energy-charts'),
      standIn: new EnergyChartsStandIn({ biddingZones: ['DE-LU'], figures: () => undefined, prices, now }),
      questions: { zone: 'DE' },
    },
    {
      file: 'awattar.json',
      provider: priceProvider('awattar'),
      standIn: new AwattarStandIn({ country: 'de', figures: prices, now }),
      questions: { zone: 'DE' },
    },
    {
      file: 'octopus.json',
      provider: priceProvider('octopus'),
      // More than fit on a page, so that the next one is recorded too.
      standIn: new OctopusStandIn({ product: 'AGILE-24-10-01', figures: prices, now, maxPageSize: 5 }),
      settings: { product: 'AGILE-24-10-01', region: 'C' },
      questions: { zone: 'GB' },
    },
  ];
}

/** Records it as a provider is recorded; every time with the same outcome. */
export async function recordMadeUp(madeUp: MadeUpRecording, abort: AbortSignal): Promise<CleanRecording> {
  const { standIn, path = '', provider, settings = {}, credentials = {}, questions } = madeUp;
  await standIn.start();
  // A server says the time of this machine by itself.
  const date = new Date(NOW).toUTCString();
  standIn.failAlways((reply) => ({ ...reply, headers: { Date: date, ...reply.headers } }));
  try {
    const whole = { otherZones: [], unknownZone: 'XX-NOWHERE', ahead: 6 * HOUR_MS, behind: 24 * HOUR_MS };
    return await record(
      {
        ...{ provider, settings, credentials, note: NOTE, shownOrigin: SHOWN_ORIGIN },
        questions: { ...whole, ...questions, now: NOW },
        baseUrl: `${standIn.url}${path}`,
      },
      abort,
    );
  } finally {
    await standIn.stop();
  }
}
