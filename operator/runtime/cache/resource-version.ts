const DECIMAL = /^(?:0|[1-9][0-9]*)$/;

/**
 * Negative where `a` is older than `b`, 0 where they are the same, positive where it is newer; undefined where they can't be
 * compared. Kubernetes promises that resource versions of one kind are decimal numbers that grow (KEP-5504); they may exceed
 * 2^53, so they are compared as digits.
 */
export function compareResourceVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}
