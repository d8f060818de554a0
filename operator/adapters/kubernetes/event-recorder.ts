import { shortened } from '../../api/v1alpha1/conditions.ts';
import { REPORTING_CONTROLLER } from '../../api/v1alpha1/labels.ts';
import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { EventNote, EventRecorder, Regarding } from '../../ports/events.ts';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import { describeError } from '../../runtime/describe-error.ts';
import { microTime } from '../../runtime/leadership/lease-lock.ts';
import type { EventMetrics } from '../../telemetry/event-metrics.ts';

const EVENTS: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};
/** Where events on cluster-scoped objects stand. */
const CLUSTER_NAMESPACE = 'default';
const MAX_NOTE_BYTES = 1024;
const MAX_NAME_LENGTH = 200;

export interface EventRecorderOptions {
  readonly api: KubernetesApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: EventMetrics;
  /** `reportingInstance`: which process speaks. */
  readonly instance: string;
  /** Default 20: events are for people, and must never crowd out the writes that matter. */
  readonly perSecond?: number;
  /** What waits at most; the oldest is dropped. Default 1000. */
  readonly backlog?: number;
}

interface Queued {
  readonly regarding: Regarding;
  readonly note: EventNote;
  readonly at: EpochMs;
}

/** Writes events.k8s.io/v1 Events one after the other, in the background. */
export class KubernetesEventRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #interval: DurationMs;
  readonly #backlog: number;
  #queue: Queued[] = [];
  #wake: (() => void) | undefined;
  readonly #recent = new RecentNotes();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#interval = SECOND_MS / (options.perSecond ?? 20);
    this.#backlog = options.backlog ?? 1000;
  }

  record(regarding: Regarding, note: EventNote): void {
    const { clock, metrics } = this.#options;
    const at = clock.now();
    if (this.#recent.has(regarding, note, at)) {
      metrics.count(note.reason, 'Repeated');
      return;
    }
    this.#queue.push({ regarding, note, at });
    if (this.#queue.length > this.#backlog) {
      const dropped = this.#queue.shift();
      if (dropped !== undefined) metrics.count(dropped.note.reason, 'Dropped');
    }
    this.#wake?.();
  }

  /** Writes what is recorded until `abort` fires. */
  async run(abort: AbortSignal): Promise<void> {
    while (!abort.aborted) {
      const next = this.#queue.shift();
      if (next === undefined) await this.#untilRecorded(abort);
      else await this.#write(next, abort);
    }
  }

  async #write({ regarding, note, at }: Queued, abort: AbortSignal): Promise<void> {
    const { api, clock, logger, metrics, instance } = this.#options;
    try {
      const event = eventOf(regarding, note, { at, instance, suffix: this.#suffix(at) });
      await api.create(EVENTS, event, { fieldManager: REPORTING_CONTROLLER }, abort);
      metrics.count(note.reason, 'Written');
      await clock.sleep(this.#interval, abort);
    } catch (error) {
      if (abort.aborted) return;
      metrics.count(note.reason, 'Failed');
      logger.debug('an event was not written', { reason: note.reason, ...describeError(error) });
    }
  }

  #untilRecorded(abort: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        abort.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = done;
      abort.addEventListener('abort', done, { once: true });
    });
  }

  /** Names of events are unique by time, and by chance within a millisecond. */
  #suffix(at: EpochMs): string {
    const chance = Math.floor(this.#options.random() * 0x1_0000_0000);
    return `${at.toString(16)}${chance.toString(16).padStart(8, '0')}`;
  }
}

function eventOf(
  { apiVersion, kind, metadata }: Regarding,
  { type, reason, action, message }: EventNote,
  { at, instance, suffix }: { readonly at: EpochMs; readonly instance: string; readonly suffix: string },
): KubernetesObject {
  const namespace = metadata.namespace ?? CLUSTER_NAMESPACE;
  const event = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${metadata.name.slice(0, MAX_NAME_LENGTH)}.${suffix}`, namespace },
    eventTime: microTime(at),
    type,
    reason,
    action,
    note: withinBytes(message, MAX_NOTE_BYTES),
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: instance.slice(0, 128),
    regarding: {
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      ...(metadata.uid !== undefined && { uid: metadata.uid }),
    },
  };
  return event;
}

/** The API server counts bytes of UTF-8. */
function withinBytes(text: string, most: number): string {
  let length = Math.min(text.length, most);
  while (Buffer.byteLength(shortened(text, length)) > most) length -= 16;
  return shortened(text, length);
}

const REPEAT_AFTER_MS: DurationMs = 10 * MINUTE_MS;
const MAX_RECENT = 4096;

/** What was told lately: the same sentence about the same object is not told again for a while. */
class RecentNotes {
  readonly #toldAt = new Map<string, EpochMs>();

  has({ metadata }: Regarding, { reason, message }: EventNote, now: EpochMs): boolean {
    const key = `${metadata.uid ?? metadata.name}/${reason}/${message}`;
    const toldAt = this.#toldAt.get(key);
    if (toldAt !== undefined && now - toldAt < REPEAT_AFTER_MS) return true;
    this.#toldAt.delete(key);
    this.#toldAt.set(key, now);
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size > MAX_RECENT && oldest !== undefined) this.#toldAt.delete(oldest);
    return false;
  }
}
