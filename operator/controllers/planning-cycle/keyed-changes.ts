/** A list of things by their keys, as what has changed since the list before. */
export interface KeyedChanges<T> {
  /** Every key, in the order of the list. */
  readonly order: readonly string[];
  /** Those that are new, or another than they were. */
  readonly changed: readonly (readonly [string, T])[];
}

/** Tells one list after another, for a listener to whom each thing has to be copied. */
export class ChangesTold<T> {
  readonly #isSame: (a: T, b: T) => boolean;
  #told: ReadonlyMap<string, T> = new Map();

  constructor(isSame: (a: T, b: T) => boolean) {
    this.#isSame = isSame;
  }

  next(list: ReadonlyMap<string, T>): KeyedChanges<T> {
    const changed: [string, T][] = [];
    const told = new Map<string, T>();
    for (const [key, thing] of list) {
      const before = this.#told.get(key);
      const isTold = before !== undefined && this.#isSame(before, thing);
      told.set(key, isTold ? before : thing);
      if (!isTold) changed.push([key, thing]);
    }
    this.#told = told;
    return { order: [...list.keys()], changed };
  }
}

/** The listener: what has not changed is the very thing that it was. */
export class ChangesTaken<T> {
  #taken: ReadonlyMap<string, T> = new Map();

  /** Throws where something is left out that was never told. */
  take({ order, changed }: KeyedChanges<T>): ReadonlyMap<string, T> {
    const anew = new Map(changed);
    const taken = new Map<string, T>();
    for (const key of order) {
      const thing = anew.get(key) ?? this.#taken.get(key);
      if (thing === undefined) throw new Error(`${key} was never told`);
      taken.set(key, thing);
    }
    return (this.#taken = taken);
  }
}
