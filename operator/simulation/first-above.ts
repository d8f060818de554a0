/** Position of the first of some figures in rising order that is above a limit, by halving; their count where none is. */
export function firstAbove(figures: Float64Array, limit: number): number {
  let from = 0;
  let until = figures.length;
  while (from < until) {
    const middle = (from + until) >>> 1;
    if ((figures[middle] ?? Infinity) <= limit) from = middle + 1;
    else until = middle;
  }
  return from;
}
