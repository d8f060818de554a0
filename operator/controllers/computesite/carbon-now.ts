import type { ConditionStatus } from '../../api/v1alpha1/conditions.ts';
import type { ComputeSiteStatusIntensity } from '../../api/v1alpha1/compute-site.generated.ts';
import type { Reason } from '../../api/v1alpha1/reasons.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { IntensitySample, Rung } from '../../domain/intensity.ts';
import { cutTo, sampleAt } from '../../domain/samples.ts';
import type { Outlook } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { failureWords } from '../failure-words.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';

/** What a condition says, without its type. */
export interface Statement {
  readonly status: ConditionStatus;
  readonly reason: Reason;
  readonly message: string;
}

/** What is known of the electricity of a grid zone now, for the status of its site. */
export interface CarbonNow {
  readonly freshness: Statement;
  readonly intensity?: ComputeSiteStatusIntensity;
  readonly forecastUntil?: string;
  /** When the figure of now stops being the figure of now. */
  readonly changesAt?: EpochMs;
}

/** By average intensity, which every zone has; jobs are planned with the signal of their policy. */
export function carbonNow(zone: string, outlooks: OutlookReader, now: EpochMs): CarbonNow {
  const outlook = outlooks.get(zone, 'Average');
  if (outlook === undefined) return { freshness: withoutOutlook(zone, outlooks) };
  const sample = sampleAt(outlook.series.samples, now);
  const known = knownFuture(outlook, now);
  if (sample === undefined) return { freshness: nothingForNow(zone, outlook), ...known };
  const why = reasonsAbove(outlooks, zone);
  return {
    freshness: { ...freshnessOf(outlook, why, now), reason: reasonOf(outlook.rung) },
    intensity: intensityOf(outlook, sample, now),
    changesAt: sample.endsAt,
    ...known,
  };
}

function intensityOf({ series, rung }: Outlook, sample: IntensitySample, now: EpochMs): ComputeSiteStatusIntensity {
  const trend = trendOf(series.samples, sample, now);
  return {
    gramsPerKWh: Math.round(sample.gramsPerKilowattHour),
    ...(trend !== undefined && { trend }),
    signal: series.signal,
    scope: series.scope,
    source: series.source,
    ...(rung !== 'None' && { rung }),
    estimated: sample.estimated,
    at: formatTime(sample.startsAt),
    // A typical day was issued years ago, which says nothing about how fresh it is.
    ...(rung !== 'TypicalDay' && { issuedAt: formatTime(series.issuedAt) }),
  };
}

/** The trend looks so far ahead, and calls less than this share no change. */
const TREND_MS: DurationMs = 3 * HOUR_MS;
const STEADY_SHARE = 0.05;

/** The mean of what comes after the stretch that is under way, against it; `undefined` where nothing is known of it. */
function trendOf(
  samples: readonly IntensitySample[],
  current: IntensitySample,
  now: EpochMs,
): 'Rising' | 'Falling' | 'Steady' | undefined {
  const ahead = cutTo(samples, { startsAt: current.endsAt, endsAt: Math.max(current.endsAt, now + TREND_MS) });
  const length = ahead.reduce((sum, { startsAt, endsAt }) => sum + endsAt - startsAt, 0);
  if (length === 0) return undefined;
  const mean = ahead.reduce((sum, one) => sum + one.gramsPerKilowattHour * (one.endsAt - one.startsAt), 0) / length;
  const change = mean - current.gramsPerKilowattHour;
  if (Math.abs(change) <= STEADY_SHARE * current.gramsPerKilowattHour) return 'Steady';
  return change > 0 ? 'Rising' : 'Falling';
}

/** Up to the first gap: what lies beyond it is no use to a job that runs through it; and not where persistence goes on. */
function knownFuture({ series, rung: ofOutlook }: Outlook, now: EpochMs): Pick<CarbonNow, 'forecastUntil'> {
  let until: EpochMs | undefined;
  for (const { startsAt, endsAt, rung = ofOutlook } of series.samples) {
    if (endsAt <= now) continue;
    if (startsAt > (until ?? now) || rung !== ofOutlook) break;
    until = endsAt;
  }
  return until === undefined ? {} : { forecastUntil: formatTime(until) };
}

function withoutOutlook(zone: string, outlooks: OutlookReader): Statement {
  const problem = outlooks.problem(zone, 'Average');
  if (problem === undefined) {
    return { status: 'Unknown', reason: 'NoData', message: `the intensity of zone ${zone} is being asked for` };
  }
  return { status: 'False', reason: problem.code, message: problem.message };
}

function nothingForNow(zone: string, { series }: Outlook): Statement {
  const { startsAt } = series.samples[0] ?? {};
  const { endsAt } = series.samples.at(-1) ?? {};
  const covers =
    startsAt === undefined || endsAt === undefined
      ? ''
      : `; it covers ${formatTime(startsAt)} to ${formatTime(endsAt)}`;
  const message = `${series.source} knows nothing of zone ${zone} for now${covers}`;
  return { status: 'False', reason: 'NoData', message };
}

function reasonOf(rung: Rung): Reason {
  return rung === 'None' ? 'NoData' : rung;
}

/** A forecast that is younger is as good as a new one: grids don't turn within it. */
const YOUNG_MS: DurationMs = 3 * HOUR_MS;

function freshnessOf({ rung, series }: Outlook, why: string, now: EpochMs): Pick<Statement, 'status' | 'message'> {
  const { source } = series;
  switch (rung) {
    case 'LiveForecast':
      return { status: 'True', message: `${series.synthetic ? 'made-up forecast' : 'forecast'} from ${source}` };
    case 'CachedForecast':
      return {
        status: now - series.issuedAt <= YOUNG_MS ? 'True' : 'False',
        message: `forecast from ${source} of ${formatTime(series.issuedAt)}${why}`,
      };
    case 'Persistence':
      return {
        status: 'False',
        message: `no forecast; what ${source} measured at the same hour of the days before stands for it${why}`,
      };
    case 'TypicalDay':
      return { status: 'False', message: `no forecast; the typical day of ${source} stands for it${why}` };
    case 'None':
      return { status: 'False', message: `nothing is known${why}` };
  }
}

function reasonsAbove(outlooks: OutlookReader, zone: string): string {
  const failures = outlooks.failures(zone, 'Average');
  return failures.length === 0 ? '' : `; ${failureWords(failures)}`;
}
