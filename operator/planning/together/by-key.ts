/** Items and what they are ordered by, side by side. Both are written over. */
export interface Keyed {
  readonly items: Int32Array;
  readonly keys: Float64Array;
}

/** Brings those of least key to the front, in order; what is behind them has none. Quick where few are asked for. */
export function leastFirst({ items, keys }: Keyed, count: number, among: number): void {
  for (let i = 0; i < count; i++) {
    let least = i;
    let leastKey = keys[i] ?? 0;
    for (let k = i + 1; k < among; k++) {
      const key = keys[k] ?? 0;
      if (key < leastKey) {
        least = k;
        leastKey = key;
      }
    }
    const item = items[least] ?? 0;
    items[least] = items[i] ?? 0;
    keys[least] = keys[i] ?? 0;
    items[i] = item;
    keys[i] = leastKey;
  }
}

/** Puts an item among the first `count`, which are in order of their keys; behind those of the same key. */
export function insertByKey({ items, keys }: Keyed, count: number, item: number, key: number): void {
  let place = count;
  for (; place > 0 && (keys[place - 1] ?? 0) > key; place--) {
    keys[place] = keys[place - 1] ?? 0;
    items[place] = items[place - 1] ?? 0;
  }
  keys[place] = key;
  items[place] = item;
}
