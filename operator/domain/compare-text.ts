/** By code units, so that the order is the same everywhere: what a locale makes of it differs. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
