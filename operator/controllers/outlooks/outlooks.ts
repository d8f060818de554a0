import { isAlike, type Signal } from '../../domain/intensity.ts';
import { sampleAt } from '../../domain/samples.ts';
import type { Outlook } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { CarbonAnswer, CarbonLadder, CarbonSourceFailure } from '../../ports/carbon.ts';
import { SourceError } from '../../ports/source-error.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { describeError } from '../../runtime/describe-error.ts';
import { inTurn } from '../../runtime/in-turn.ts';
import { RefreshLoop } from '../../runtime/refresh-loop.ts';
import type { CarbonMetrics, OutlookState } from '../../telemetry/carbon-metrics.ts';
import { knownBefore, withPast } from './kept-past.ts';
import { wholeHoursAround } from '../whole-hours.ts';
import { sameContent } from './series-content.ts';

/** One grid zone, seen by one signal. */
export interface ZoneSignal {
  readonly zone: string;
  readonly signal: Signal;
}

/** What the ladder last said of a zone. */
export interface OutlookReader {
  /** Absent where no source answered, or none was asked yet. */
  get<S extends Signal>(zone: string, signal: S): Outlook<S> | undefined;
  /** The sources above the one that answered, and why they did not; all of them where none did. */
  failures(zone: string, signal: Signal): readonly CarbonSourceFailure[];
  /** Why there is no outlook; absent where there is one, or none was asked for yet. */
  problem(zone: string, signal: Signal): SourceError | undefined;
}

export interface OutlooksOptions {
  readonly ladder: CarbonLadder;
  /** What sites and policies need now; asked at each turn of the loop. */
  readonly wanted: () => readonly ZoneSignal[];
  /** Told of each zone and signal about which something else is known than before. */
  readonly onChange: (changed: ZoneSignal) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: CarbonMetrics;
  /** How far ahead to ask. */
  readonly horizonMs: DurationMs;
  /** From one turn of the loop to the next, lengthened by up to a tenth at random. */
  readonly intervalMs: DurationMs;
  /** Questions at once. Default 8. */
  readonly concurrency?: number;
}

const DEFAULT_CONCURRENCY = 8;
/** The hour that is under way is asked for from its start, and one more for jobs that began in it. */
const LOOK_BACK_MS: DurationMs = HOUR_MS;

type KeptAnswer = CarbonAnswer & ZoneSignal;

/** Keeps the latest answer of the ladder for every zone and signal that is needed. */
export class Outlooks implements OutlookReader {
  readonly #options: OutlooksOptions;
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #loop: RefreshLoop;

  constructor(options: OutlooksOptions) {
    this.#options = options;
    this.#loop = new RefreshLoop({
      ...options,
      what: 'carbon intensity',
      turn: (everything, abort) => this.#turn(everything, abort),
    });
    options.metrics.observe(() => ({
      now: options.clock.now(),
      outlooks: this.#states(),
      unknown: [...this.#answers.values()].filter(({ outlook }) => outlook === undefined),
    }));
  }

  get<S extends Signal>(zone: string, signal: S): Outlook<S> | undefined {
    return this.#answers.get(keyOf({ zone, signal }))?.outlook as Outlook<S> | undefined;
  }

  failures(zone: string, signal: Signal): readonly CarbonSourceFailure[] {
    return this.#answers.get(keyOf({ zone, signal }))?.failures ?? [];
  }

  problem(zone: string, signal: Signal): SourceError | undefined {
    const answer = this.#answers.get(keyOf({ zone, signal }));
    if (answer === undefined || answer.outlook !== undefined) return undefined;
    return answer.failures[0]?.error ?? new SourceError('NoData', 'no source of carbon intensity is configured');
  }

  /** Something new may be needed: the loop asks for what it has no answer to, without waiting for the interval. */
  request(): void {
    this.#loop.request();
  }

  /** Asks for each of these now. Rejects only when `abort` fires. What is not among them any more is forgotten. */
  async refresh(wanted: readonly ZoneSignal[], abort: AbortSignal): Promise<void> {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, { zone, signal }] of this.#answers) {
      if (keys.has(key)) continue;
      this.#answers.delete(key);
      this.#options.ladder.forget({ zone, signal });
    }
    await this.#askAll(wanted, abort);
  }

  /** Refreshes until `abort` fires, whatever happens. */
  run(abort: AbortSignal): Promise<void> {
    return this.#loop.run(abort);
  }

  async #turn(everything: boolean, abort: AbortSignal): Promise<void> {
    const { wanted } = this.#options;
    if (everything) await this.refresh(wanted(), abort);
    else await this.#askAll(missing(wanted(), this.#answers), abort);
  }

  /**
   * A bounded number at once, and what was issued the longest ago first: where a budget doesn't reach for all, each zone
   * has its turn.
   */
  async #askAll(wanted: readonly ZoneSignal[], abort: AbortSignal): Promise<void> {
    const once = [...new Map(wanted.map((one) => [keyOf(one), one])).values()];
    const oldestFirst = once.toSorted((a, b) => this.#issuedAt(a) - this.#issuedAt(b));
    await inTurn(oldestFirst, this.#options.concurrency ?? DEFAULT_CONCURRENCY, (one) => this.#ask(one, abort));
  }

  #issuedAt(one: ZoneSignal): EpochMs {
    return this.#answers.get(keyOf(one))?.outlook?.series.issuedAt ?? 0;
  }

  async #ask(one: ZoneSignal, abort: AbortSignal): Promise<void> {
    abort.throwIfAborted();
    const { clock, metrics, onChange } = this.#options;
    const startedAt = clock.now();
    const answer = await this.#answerOf(one, abort);
    const now = clock.now();
    metrics.answered(one.signal, answer.outlook?.rung ?? 'None', now - startedAt);
    for (const { source, error } of answer.failures) metrics.failed(source, error.code);
    const before = this.#answers.get(keyOf(one));
    this.#answers.set(keyOf(one), { ...keepingPast(answer, before?.outlook, now), ...one });
    const isNew = before === undefined || !sameAnswer(before, answer, now);
    if (isNew) onChange(one);
  }

  /** A ladder never fails but for `abort`; one that does all the same must not stop the others. */
  async #answerOf({ zone, signal }: ZoneSignal, abort: AbortSignal): Promise<CarbonAnswer> {
    const { clock, horizonMs, ladder, logger } = this.#options;
    try {
      return await ladder.ask(
        { zone, signal, interval: wholeHoursAround(clock.now(), { back: LOOK_BACK_MS, ahead: horizonMs }) },
        abort,
      );
    } catch (cause) {
      abort.throwIfAborted();
      logger.error('asking for carbon intensity failed', { zone, signal, ...describeError(cause) });
      const message = `asking for ${signal} intensity of ${zone}: ${cause instanceof Error ? cause.message : String(cause)}`;
      const error = new SourceError('Unavailable', message, { cause });
      return { outlook: undefined, failures: [{ source: 'ladder', error }] };
    }
  }

  #states(): readonly OutlookState[] {
    const instant = this.#options.clock.now();
    return [...this.#answers.values()].flatMap(({ zone, signal, outlook }) => {
      if (outlook === undefined) return [];
      const { rung, series } = outlook;
      // Beyond its end persistence may go on.
      const coversUntil = series.samples.findLast((sample) => (sample.rung ?? rung) === rung)?.endsAt ?? -Infinity;
      const issuedAt = series.synthetic ? undefined : series.issuedAt;
      const now = sampleAt(series.samples, instant)?.gramsPerKilowattHour;
      return [{ zone, signal, rung, source: series.source, scope: series.scope, now, coversUntil, issuedAt }];
    });
  }
}

/** What a job has used is priced by figures of one kind: another kind begins anew. */
function keepingPast(answer: CarbonAnswer, before: Outlook | undefined, now: EpochMs): CarbonAnswer {
  const { outlook } = answer;
  if (outlook === undefined || before === undefined || !isAlike(outlook.series, before.series)) return answer;
  const series = withPast(outlook.series, knownBefore(before, outlook.rung), now);
  return { ...answer, outlook: { ...outlook, series } };
}

function missing(wanted: readonly ZoneSignal[], known: ReadonlyMap<string, unknown>): readonly ZoneSignal[] {
  return wanted.filter((one) => !known.has(keyOf(one)));
}

function sameAnswer(a: CarbonAnswer, b: CarbonAnswer, now: EpochMs): boolean {
  const reasons = ({ failures }: CarbonAnswer): string =>
    failures.map(({ source, error }) => `${source} ${error.code} ${error.message}`).join('\n');
  return sameContent(a.outlook, b.outlook, now) && reasons(a) === reasons(b);
}

function keyOf({ zone, signal }: ZoneSignal): string {
  return `${signal} ${zone}`;
}
