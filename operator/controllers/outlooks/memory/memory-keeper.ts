import { MINUTE_MS, SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import type { RememberingSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KeptState } from '../../../ports/kept-state.ts';
import type { Logger } from '../../../ports/logger.ts';
import { describeError } from '../../../runtime/describe-error.ts';
import { within } from '../../../runtime/within.ts';
import type { CarbonMemory } from './carbon-memory.ts';
import { knowledgeIn, textOfKnowledge, type KeptKnowledge } from './memory-text.ts';

export interface MemoryKeeperOptions {
  readonly memory: CarbonMemory;
  /** Whose last forecasts are kept: those of vendors; what is at hand anyway need not be. */
  readonly sources: readonly RememberingSource[];
  readonly state: KeptState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What was learnt in between is lost with a process that is killed. Default 10 min. */
  readonly intervalMs?: DurationMs;
}

const DEFAULT_INTERVAL_MS: DurationMs = 10 * MINUTE_MS;
const WRITE_LIMIT_MS: DurationMs = MINUTE_MS;
/** A process that is told to stop waits no longer. */
const LAST_WRITE_LIMIT_MS: DurationMs = 2 * SECOND_MS;

/** Keeps what was learnt of forecasts in the cluster, so that a new leader neither asks nor learns it all over again. */
export class MemoryKeeper {
  readonly #options: MemoryKeeperOptions;
  #written = '';

  constructor(options: MemoryKeeperOptions) {
    this.#options = options;
  }

  /** Takes up what the leader before has left. Rejects only when `abort` fires: what can't be read is learnt anew. */
  async load(abort: AbortSignal): Promise<void> {
    const { logger, state } = this.#options;
    try {
      const text = await state.load(abort);
      if (text === undefined) return;
      this.#take(knowledgeIn(text));
      this.#written = text;
    } catch (error) {
      abort.throwIfAborted();
      logger.error('reading what was learnt of forecasts failed; it is learnt anew', describeError(error));
    }
  }

  /** Writes now and then until `abort` fires, and once more then. */
  async run(abort: AbortSignal): Promise<void> {
    const { clock, intervalMs = DEFAULT_INTERVAL_MS } = this.#options;
    const isTime = (): Promise<boolean> =>
      clock.sleep(intervalMs, abort).then(
        () => true,
        () => false,
      );
    while (await isTime()) await this.#save(WRITE_LIMIT_MS, abort);
    // The leader that is told to stop is still the leader until this has returned.
    await this.#save(LAST_WRITE_LIMIT_MS, new AbortController().signal);
  }

  /** What could not be written is tried again with the next write: a write that is cut off, with the last one. */
  async #save(limitMs: DurationMs, abort: AbortSignal): Promise<void> {
    const { clock, logger, state } = this.#options;
    try {
      const text = textOfKnowledge(this.#knowledge());
      if (text === this.#written) return;
      await within({ clock, limitMs, abort }, (limited) => state.save(text, limited));
      this.#written = text;
    } catch (error) {
      if (!abort.aborted) logger.warn('keeping what was learnt of forecasts failed', describeError(error));
    }
  }

  #knowledge(): KeptKnowledge {
    const { memory, sources } = this.#options;
    const zones = memory.all();
    const forecasts = sources.flatMap((source) =>
      zones
        .filter(({ source: name }) => name === source.name)
        .flatMap(({ zone, signal }) => source.recall(zone, signal) ?? []),
    );
    return { zones, forecasts };
  }

  /** What was left by a source that there is no more is of no use, and would be kept for ever. */
  #take({ zones, forecasts }: KeptKnowledge): void {
    const { clock, memory, sources } = this.#options;
    const now = clock.now();
    const byName = new Map(sources.map((source) => [source.name, source]));
    for (const zone of zones) if (byName.has(zone.source)) memory.restore(zone, now);
    for (const forecast of forecasts) {
      const { askedAt, series } = forecast;
      // A clock that was set back would make it young for ever.
      if (askedAt <= now && series.issuedAt <= now) byName.get(series.source)?.restore(forecast);
    }
  }
}
