import type { ConditionStatus } from '../../api/v1alpha1/conditions.ts';
import type { ComputeSiteStatusIntensity } from '../../api/v1alpha1/compute-site.generated.ts';
import type { Reason } from '../../api/v1alpha1/reasons.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { IntensitySample, Rung } from '../../domain/intensity.ts';
import type { Outlook } from '../../domain/site.ts';
import type { EpochMs } from '../../domain/units.ts';
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
  const sample = outlook.series.samples.find(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
  const known = knownFuture(outlook, now);
  if (sample === undefined) return { freshness: nothingForNow(zone, outlook), ...known };
  const why = reasonsAbove(outlooks, zone);
  return {
    freshness: { ...freshnessOf(outlook.rung, outlook.series.source, why), reason: reasonOf(outlook.rung) },
    intensity: intensityOf(outlook, sample),
    changesAt: sample.endsAt,
    ...known,
  };
}

function intensityOf({ series }: Outlook, sample: IntensitySample): ComputeSiteStatusIntensity {
  return {
    gramsPerKWh: Math.round(sample.gramsPerKilowattHour),
    signal: series.signal,
    scope: series.scope,
    source: series.source,
    estimated: sample.estimated,
    at: formatTime(sample.startsAt),
  };
}

/** Up to the first gap: what lies beyond it is no use to a job that runs through it. */
function knownFuture({ series }: Outlook, now: EpochMs): Pick<CarbonNow, 'forecastUntil'> {
  let until: EpochMs | undefined;
  for (const { startsAt, endsAt } of series.samples) {
    if (endsAt <= now) continue;
    if (startsAt > (until ?? now)) break;
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

function freshnessOf(rung: Rung, source: string, why: string): Pick<Statement, 'status' | 'message'> {
  switch (rung) {
    case 'LiveForecast':
      return { status: 'True', message: `forecast from ${source}` };
    case 'CachedForecast':
      return { status: 'True', message: `earlier forecast from ${source}${why}` };
    case 'Persistence':
      return { status: 'False', message: `no forecast; what ${source} measured last stands for it${why}` };
    case 'TypicalDay':
      return { status: 'False', message: `no forecast; the typical day of ${source} stands for it${why}` };
    case 'None':
      return { status: 'False', message: `nothing is known${why}` };
  }
}

function reasonsAbove(outlooks: OutlookReader, zone: string): string {
  const failures = outlooks.failures(zone, 'Average').map(({ source, error }) => `${source}: ${error.message}`);
  return failures.length === 0 ? '' : `; ${failures.join('; ')}`;
}
