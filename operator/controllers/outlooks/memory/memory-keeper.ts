import { MINUTE_MS, type DurationMs } from '../../../domain/units.ts';
import type { RememberingSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KeptState } from '../../../ports/kept-state.ts';
import type { Logger } from '../../../ports/logger.ts';
import { describeError } from '../../../runtime/describe-error.ts';
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
/** For the last write, when the process is told to stop. */
const LAST_WRITE_LIMIT_MS: DurationMs = 2_000;

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
      if (text !== undefined) this.#take(knowledgeIn(text));
    } catch (error) {
      abort.throwIfAborted();
      logger.error('reading what was learnt of forecasts failed; it is learnt anew', describeError(error));
    }
  }

  /** Writes now and then until `abort` fires, and once more then. */
  async run(abort: AbortSignal): Promise<void> {
    const { clock, intervalMs = DEFAULT_INTERVAL_MS } = this.#options;
    while (!abort.aborted) {
      await clock.sleep(intervalMs, abort).catch(() => undefined);
      // The leader that is told to stop is still the leader until this has returned.
      await this.#save(abort.aborted ? AbortSignal.timeout(LAST_WRITE_LIMIT_MS) : abort);
    }
  }

  async #save(abort: AbortSignal): Promise<void> {
    const { logger, state } = this.#options;
    const text = textOfKnowledge(this.#knowledge());
    if (text === this.#written) return;
    try {
      await state.save(text, abort);
      this.#written = text;
    } catch (error) {
      logger.warn('keeping what was learnt of forecasts failed', describeError(error));
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

  #take({ zones, forecasts }: KeptKnowledge): void {
    const { clock, memory, sources } = this.#options;
    const now = clock.now();
    for (const zone of zones) memory.restore(zone);
    for (const forecast of forecasts) {
      const source = sources.find(({ name }) => name === forecast.series.source);
      // A clock that was set back would make it young for ever.
      if (forecast.askedAt <= now) source?.restore(forecast);
    }
  }
}
