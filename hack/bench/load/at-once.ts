/** Runs `work` over all items, so many at a time. The first failure ends it: nothing new is begun, and it is thrown. */
export async function atOnce<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const pending = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of pending) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
