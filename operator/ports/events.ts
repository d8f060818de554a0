import type { ObjectMeta } from './kubernetes-api.ts';

/** What an event is about. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, from the list of reasons. */
  readonly reason: string;
  /** What the operator did or tries to do, one CamelCase word, e.g. `Start`. */
  readonly action: string;
  /** A sentence for people; what is longer than 1024 bytes is cut. */
  readonly message: string;
}

/** Tells people what happened to an object. Never fails and never waits: an event that can't be written is counted and dropped. */
export interface EventRecorder {
  record(regarding: Regarding, note: EventNote): void;
}
