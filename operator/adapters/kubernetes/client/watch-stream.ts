import type { IncomingMessage } from 'node:http';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import { KubernetesApiError } from '../../../ports/kubernetes-api.ts';
import type { KubernetesObject, WatchEvent } from '../../../ports/kubernetes-api.ts';
import { unanswered, watchRefusal } from './api-errors.ts';
import { LineSplitter } from './line-splitter.ts';

export interface WatchStreamOptions {
  readonly clock: Clock;
  /** Nothing came for so long: the connection is taken for dead. */
  readonly silenceMs: DurationMs;
  readonly maxLineBytes: number;
  /** For errors: `watching jobs.batch`. */
  readonly doing: string;
  readonly abort: AbortSignal;
}

/** One line of a watch, as far as it may be trusted. */
interface Line {
  readonly type?: unknown;
  readonly object?: Partial<KubernetesObject>;
}

class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/**
 * The events of a watch as they come. Ends where the server ends it in order; throws KubernetesApiError where it breaks, falls
 * silent, ends within an event or sends an ERROR event, and `abort.reason` once `abort` has fired. The connection is closed
 * when the caller stops reading: that is how a loop over a stream ends.
 */
export async function* watchEvents<T extends KubernetesObject>(
  response: IncomingMessage,
  options: WatchStreamOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { abort, doing } = options;
  const lines = new LineSplitter(options.maxLineBytes);
  const silence = new SilenceGuard(response, options);
  const onAbort = (): void => {
    response.destroy();
  };
  abort.addEventListener('abort', onAbort, { once: true });
  if (abort.aborted) onAbort();
  // The loop below hears of errors while it reads; one that comes as the stream is let go concerns nobody.
  response.on('error', () => undefined);
  try {
    silence.listen();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      silence.heard();
      for (const line of lines.push(chunk)) {
        const event = parseEvent<T>(line, doing);
        if (event !== undefined) yield event;
        abort.throwIfAborted();
      }
      silence.listen();
    }
    abort.throwIfAborted();
    if (lines.pendingBytes > 0) throw unanswered(doing, 'Truncated', 'the stream ended within an event');
  } catch (error) {
    abort.throwIfAborted();
    throw broken(doing, error, lines.pendingBytes);
  } finally {
    abort.removeEventListener('abort', onAbort);
    silence.stop();
  }
}

/** Ends the stream when nothing comes for too long. Time that the reader spends on events doesn't count. */
class SilenceGuard {
  readonly #response: IncomingMessage;
  readonly #options: WatchStreamOptions;
  readonly #stopped = new AbortController();
  #waitingSince: EpochMs | undefined;

  constructor(response: IncomingMessage, options: WatchStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#guard().catch(() => undefined); // Stopped.
  }

  listen(): void {
    this.#waitingSince = this.#options.clock.now();
  }

  heard(): void {
    this.#waitingSince = undefined;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** One timer a period, not one an event. */
  async #guard(): Promise<void> {
    const { clock, silenceMs } = this.#options;
    for (let leftMs = silenceMs; ; leftMs = this.#leftMs()) {
      if (leftMs <= 0) {
        this.#response.destroy(new SilenceError(`nothing came for ${silenceMs} ms, not even a bookmark`));
        return;
      }
      await clock.sleep(leftMs, this.#stopped.signal);
    }
  }

  #leftMs(): DurationMs {
    const { clock, silenceMs } = this.#options;
    return this.#waitingSince === undefined ? silenceMs : this.#waitingSince + silenceMs - clock.now();
  }
}

/** Undefined for a type of event that is not known: a later API may have more. */
function parseEvent<T extends KubernetesObject>(line: string, doing: string): WatchEvent<T> | undefined {
  let parsed: Line;
  try {
    parsed = JSON.parse(line) as Line;
  } catch (error) {
    throw unanswered(doing, 'Malformed', error);
  }
  const { type, object } = parsed;
  if (type === 'ERROR') throw watchRefusal(doing, object);
  if (type !== 'BOOKMARK' && type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return undefined;
  const resourceVersion = object?.metadata?.resourceVersion;
  if (resourceVersion === undefined) {
    throw unanswered(doing, 'Malformed', `an event of type ${type} has no object with a resourceVersion`);
  }
  return type === 'BOOKMARK' ? { type, resourceVersion } : { type, object: object as T };
}

function broken(doing: string, error: unknown, pendingBytes: number): KubernetesApiError {
  if (error instanceof KubernetesApiError) return error;
  if (error instanceof SilenceError) return unanswered(doing, 'Silent', error);
  if (error instanceof RangeError) return unanswered(doing, 'TooLarge', error);
  return unanswered(doing, pendingBytes > 0 ? 'Truncated' : 'Unreachable', error);
}
