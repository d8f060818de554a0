/**
 * Does the work for each item in order, a bounded number at once. After a rejection no other item is begun; once those that
 * are under way have ended, so that nothing goes on behind the caller's back, the first rejection is the result.
 */
export async function inTurn<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const pending = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    try {
      while (failed === undefined) {
        const next = pending.next();
        if (next.done === true) return;
        await work(next.value);
      }
    } catch (error) {
      failed ??= { error };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed !== undefined) throw failed.error;
}
