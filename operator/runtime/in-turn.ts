/** Does the work for each item in order, a bounded number at once. The first rejection is the result. */
export async function inTurn<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const pending = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = pending.next(); next.done !== true; next = pending.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
