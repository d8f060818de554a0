import { FileSource } from '../../adapters/carbon/file/file-source.ts';
import { TypicalDaySource } from '../../adapters/carbon/typical-day/typical-day-source.ts';
import { RememberedSource } from '../../adapters/decorators/carbon/remembered.ts';
import { Ladder } from '../../controllers/outlooks/ladder.ts';
import { CarbonMemory } from '../../controllers/outlooks/memory/carbon-memory.ts';
import type { OutlookReader } from '../../controllers/outlooks/outlooks.ts';
import { wholeHoursAround } from '../../controllers/whole-hours.ts';
import type { Signal } from '../../domain/intensity.ts';
import type { Outlook, Outlooks } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { CarbonSourceFailure } from '../../ports/carbon.ts';
import type { Clock } from '../../ports/clock.ts';
import { SourceError } from '../../ports/source-error.ts';
import { UsageError } from '../answer.ts';
import { wordsOf } from '../error-text.ts';

/** Running jobs began before now. */
const BACK_MS: DurationMs = 24 * HOUR_MS;

export interface ExpectationOptions {
  readonly clock: Clock;
  /** How far ahead. */
  readonly horizon: DurationMs;
  /** A file with intensities, in the formats of the operator's file source: it goes before all else. */
  readonly intensityFile: string | undefined;
}

/**
 * What is expected of zones: by the user's file, else what the operator has published, else the typical day, as the operator's
 * own ladder has it. Throws {@link UsageError} where the file can't be used.
 */
export async function expectations(
  zones: readonly string[],
  published: ReadonlyMap<string, Outlooks>,
  { clock, horizon, intensityFile }: ExpectationOptions,
  abort: AbortSignal,
): Promise<OutlookReader> {
  const interval = wholeHoursAround(clock.now(), { back: BACK_MS, ahead: horizon });
  const ladderOf = (source: FileSource | TypicalDaySource): Ladder =>
    new Ladder({
      sources: [{ source: new RememberedSource(source, { clock, refreshMs: 0 }), zones: undefined, isProvider: false }],
      memory: new CarbonMemory(),
      clock,
      cachedForMs: 0,
    });
  const file = intensityFile === undefined ? undefined : ladderOf(fileSourceAt(intensityFile));
  const typical = ladderOf(new TypicalDaySource());
  const outlooks = new Map<string, Outlook>();
  const failures = new Map<string, readonly CarbonSourceFailure[]>();
  for (const zone of zones) {
    for (const signal of ['Average', 'Marginal'] as const) {
      const query = { zone, signal, interval };
      const fromFile = await file?.ask(query, abort);
      refuseUnreadable(fromFile?.failures ?? []);
      const known = fromFile?.outlook ?? covering(published.get(zone)?.[signal], clock.now());
      const answer = known === undefined ? await typical.ask(query, abort) : { outlook: known, failures: [] };
      if (answer.outlook === undefined) failures.set(keyOf(zone, signal), answer.failures);
      else outlooks.set(keyOf(zone, signal), answer.outlook);
    }
  }
  return readerOf(outlooks, failures);
}

function fileSourceAt(path: string): FileSource {
  try {
    return new FileSource({ path, rung: 'LiveForecast', synthetic: false });
  } catch (error) {
    throw new UsageError(`--intensity: ${wordsOf(error)}`, { cause: error });
  }
}

/** A zone that a file leaves out is somebody else's to know; a file that can't be read is a slip. */
function refuseUnreadable(failures: readonly CarbonSourceFailure[]): void {
  const [failure] = failures.filter(({ error }) => error.code === 'Malformed' || error.code === 'Unavailable');
  if (failure !== undefined) throw new UsageError(`--intensity: ${failure.error.message}`, { cause: failure.error });
}

/** What was published last week says nothing about today. */
function covering(outlook: Outlook | undefined, now: EpochMs): Outlook | undefined {
  const until = outlook?.series.samples.at(-1)?.endsAt ?? -Infinity;
  return until > now ? outlook : undefined;
}

function readerOf(
  outlooks: ReadonlyMap<string, Outlook>,
  failures: ReadonlyMap<string, readonly CarbonSourceFailure[]>,
): OutlookReader {
  return {
    get: <S extends Signal>(zone: string, signal: S) => outlooks.get(keyOf(zone, signal)) as Outlook<S> | undefined,
    failures: (zone, signal) => failures.get(keyOf(zone, signal)) ?? [],
    problem: (zone, signal) =>
      outlooks.has(keyOf(zone, signal))
        ? undefined
        : (failures.get(keyOf(zone, signal))?.[0]?.error ??
          new SourceError('NoData', `nothing is known of the ${signal} intensity of ${zone}`)),
  };
}

function keyOf(zone: string, signal: Signal): string {
  return `${signal} ${zone}`;
}
