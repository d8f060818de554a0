import type { EpochMs } from '../ports/clock.ts';

export interface Delayed {
  readonly key: string;
  readonly readyAt: EpochMs;
}

interface Entry {
  readonly key: string;
  readyAt: EpochMs;
  /** Order of the call: ties at one time come out first in, first out. */
  sequence: number;
  /** Where the entry stands in the heap, so that a key is moved without a search. */
  index: number;
}

/** Keys by the time at which they become ready. A key stands in it once; an earlier time wins. All operations are O(log n). */
export class DelayHeap {
  readonly #heap: Entry[] = [];
  readonly #byKey = new Map<string, Entry>();
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** Inserts the key, or moves it forward if `readyAt` is earlier than what it has. */
  add(key: string, readyAt: EpochMs): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      const entry = { key, readyAt, sequence: this.#sequence++, index: this.#heap.length };
      this.#byKey.set(key, entry);
      this.#heap.push(entry);
      this.#rise(entry);
    } else if (readyAt < known.readyAt) {
      known.readyAt = readyAt;
      known.sequence = this.#sequence++;
      this.#rise(known);
    }
  }

  peek(): Delayed | undefined {
    return this.#heap[0];
  }

  /** Takes out the first key whose time has come. */
  popReady(now: EpochMs): string | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.readyAt > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) {
      this.#place(last, 0);
      this.#sink(last);
    }
    this.#byKey.delete(first.key);
    return first.key;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#byKey.clear();
  }

  #rise(entry: Entry): void {
    while (entry.index > 0) {
      const above = (entry.index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || comesFirst(parent, entry)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      if (left === undefined) return;
      const right = this.#heap[2 * entry.index + 2];
      const smaller = right !== undefined && comesFirst(right, left) ? right : left;
      if (comesFirst(entry, smaller)) return;
      this.#swap(entry, smaller);
    }
  }

  #swap(a: Entry, b: Entry): void {
    const index = a.index;
    this.#place(a, b.index);
    this.#place(b, index);
  }

  #place(entry: Entry, index: number): void {
    entry.index = index;
    this.#heap[index] = entry;
  }
}

function comesFirst(a: Entry, b: Entry): boolean {
  return a.readyAt === b.readyAt ? a.sequence < b.sequence : a.readyAt < b.readyAt;
}
