/** The values of one index that an object stands under: none, one or many. */
export type IndexFunction<P> = (value: P, key: string) => readonly string[];

/** What a controller reads. Keys are `namespace/name`, or `name` for cluster-scoped objects. */
export interface StoreReader<P, I extends string = never> {
  readonly size: number;
  get(key: string): P | undefined;
  has(key: string): boolean;
  /** All values, a snapshot: it stays as it is while the store goes on. The same array until something changes. */
  list(): readonly P[];
  /** What stands under this value of the index, a snapshot as well; empty where nothing does. */
  byIndex(index: I, value: string): readonly P[];
}

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Projections of objects by key, with secondary indexes. Written by one reflector, read by everyone. Values are not copied:
 * who reads them must not change them.
 */
export class Store<P, I extends string = never> implements StoreReader<P, I> {
  readonly #values = new Map<string, P>();
  readonly #indexes = new Map<string, Index<P>>();
  #snapshot: readonly P[] | undefined;

  constructor(options: { readonly indexes?: Readonly<Record<I, IndexFunction<P>>> } = {}) {
    for (const [name, valuesOf] of Object.entries<IndexFunction<P>>(options.indexes ?? {})) {
      this.#indexes.set(name, new Index(valuesOf));
    }
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): P | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  list(): readonly P[] {
    this.#snapshot ??= Object.freeze([...this.#values.values()]);
    return this.#snapshot;
  }

  byIndex(index: I, value: string): readonly P[] {
    return this.#indexes.get(index)?.list(value) ?? NOTHING;
  }

  set(key: string, value: P): void {
    const previous = this.#values.get(key);
    // First the new index values: a function that throws leaves the store as it was.
    const moves = [...this.#indexes.values()].map((index) => index.planSet(key, value));
    if (previous !== undefined) for (const index of this.#indexes.values()) index.remove(key);
    for (const move of moves) move();
    this.#values.set(key, value);
    this.#snapshot = undefined;
  }

  delete(key: string): void {
    if (!this.#values.delete(key)) return;
    for (const index of this.#indexes.values()) index.remove(key);
    this.#snapshot = undefined;
  }
}

/** One secondary index: value -> key -> object. */
class Index<P> {
  readonly #valuesOf: IndexFunction<P>;
  readonly #buckets = new Map<string, Bucket<P>>();
  /** Where each key stands, so that removal asks the function nothing. */
  readonly #standing = new Map<string, readonly string[]>();

  constructor(valuesOf: IndexFunction<P>) {
    this.#valuesOf = valuesOf;
  }

  list(value: string): readonly P[] {
    const bucket = this.#buckets.get(value);
    if (bucket === undefined) return NOTHING;
    bucket.snapshot ??= Object.freeze([...bucket.entries.values()]);
    return bucket.snapshot;
  }

  planSet(key: string, object: P): () => void {
    const values = this.#valuesOf(object, key);
    return () => {
      for (const value of values) this.#insert(value, key, object);
      if (values.length > 0) this.#standing.set(key, values);
    };
  }

  remove(key: string): void {
    for (const value of this.#standing.get(key) ?? NOTHING) {
      const bucket = this.#buckets.get(value);
      if (bucket === undefined) continue;
      bucket.entries.delete(key);
      bucket.snapshot = undefined;
      if (bucket.entries.size === 0) this.#buckets.delete(value);
    }
    this.#standing.delete(key);
  }

  #insert(value: string, key: string, object: P): void {
    let bucket = this.#buckets.get(value);
    if (bucket === undefined) {
      bucket = { entries: new Map(), snapshot: undefined };
      this.#buckets.set(value, bucket);
    }
    bucket.entries.set(key, object);
    bucket.snapshot = undefined;
  }
}

interface Bucket<P> {
  readonly entries: Map<string, P>;
  snapshot: readonly P[] | undefined;
}
