import type { ComputeSiteStatusForecast } from '../../../api/v1alpha1/compute-site.generated.ts';
import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { IntensitySample, Signal } from '../../../domain/intensity.ts';
import { formatDecimal } from '../../../domain/quantity.ts';
import type { ExpectedError, Outlook, Outlooks } from '../../../domain/site.ts';
import { gramsPerKilowattHour, type EpochMs } from '../../../domain/units.ts';
import type { OutlookReader } from '../../outlooks/outlooks.ts';
import { publishedFigures, readFigures } from './figures.ts';

const SIGNALS = ['Average', 'Marginal'] as const satisfies readonly Signal[];
/** Of g/kWh: hydropower has some twenty. */
const DIGITS = 1;
/** Of percent. */
const ERROR_DIGITS = 2;

/** What the plan expects of a zone, for the status of its sites; empty where nothing is known. */
export function publishedForecasts(
  zone: string,
  outlooks: OutlookReader,
  now: EpochMs,
): readonly ComputeSiteStatusForecast[] {
  return SIGNALS.flatMap((signal) => {
    const outlook = outlooks.get(zone, signal);
    return outlook === undefined ? [] : (publishedForecast(outlook, now) ?? []);
  });
}

function publishedForecast(
  { series, rung, expectedError = [] }: Outlook,
  now: EpochMs,
): ComputeSiteStatusForecast | undefined {
  const published = publishedFigures(series.samples, now, {
    digits: DIGITS,
    figureOf: ({ gramsPerKilowattHour }) => gramsPerKilowattHour,
  });
  if (published === undefined || rung === 'None') return undefined;
  const { signal, scope, source, synthetic, issuedAt } = series;
  const { start, slot, text } = published;
  return {
    ...{ signal, scope, source, rung },
    ...(synthetic && { synthetic }),
    issuedAt: formatTime(issuedAt),
    ...{ start, slot, gramsPerKWh: text },
    ...(expectedError.length > 0 && { expectedErrors: expectedError.map(textOfError) }),
  };
}

function textOfError({ lead, share }: ExpectedError) {
  return { ahead: formatDuration(lead), percent: formatDecimal(100 * share, ERROR_DIGITS) };
}

/** Reads them back: what is expected of a zone, by the status of a site in it. What can't be read is a problem of its field. */
export function readForecasts(zone: string, forecasts: FieldReader): Outlooks {
  const outlooks: { [S in Signal]?: Outlook } = {};
  for (const item of forecasts.items()) {
    const outlook = readForecast(zone, item);
    if (outlook !== undefined) outlooks[outlook.series.signal] = outlook;
  }
  return outlooks as Outlooks;
}

function readForecast(zone: string, item: FieldReader): Outlook | undefined {
  const signal = item.field('signal').required('write Average or Marginal').oneOf(SIGNALS);
  const scope = item
    .field('scope')
    .required('write what the grams count')
    .oneOf(['Lifecycle', 'Direct', 'Operational']);
  const rung = item
    .field('rung')
    .required('write where the figures stand')
    .oneOf(['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay']);
  const text = item.field('gramsPerKWh');
  const samples = readFigures({ start: item.field('start'), slot: item.field('slot'), text }).flatMap(
    ({ value, ...interval }, k): readonly IntensitySample[] => {
      if (value >= 0) return [{ ...interval, gramsPerKilowattHour: gramsPerKilowattHour(value), estimated: false }];
      text.refuse(`is below zero in figure ${String(k + 1)}; write 0 or more`);
      return [];
    },
  );
  if (signal === undefined || scope === undefined || rung === undefined || samples.length === 0) return undefined;
  const issuedAt = item.field('issuedAt').time() ?? samples[0]?.startsAt ?? 0;
  const source = item.field('source').text() ?? 'status';
  const synthetic = item.field('synthetic').boolean() ?? false;
  const expectedError = item.field('expectedErrors').items().flatMap(readError);
  return {
    series: { zone, signal, scope, source, synthetic, issuedAt, perspective: 'Forecast', samples },
    rung,
    ...(expectedError.length > 0 && { expectedError }),
  };
}

function readError(item: FieldReader): readonly ExpectedError[] {
  const lead = item.field('ahead').required('write how far ahead, like 24h').duration();
  const percent = item.field('percent').required('write it like "4.2"').decimal();
  return lead === undefined || percent === undefined ? [] : [{ lead, share: percent / 100 }];
}
