/** Something that goes on until its signal fires. */
export type Part = (abort: AbortSignal) => Promise<void>;

/**
 * Runs parts that are of no use without one another: the first that fails stops the others, and when all have ended its
 * fault is what this rejects with. Resolves when all have ended otherwise.
 */
export async function together(parts: readonly Part[], abort: AbortSignal): Promise<void> {
  const failed = new AbortController();
  const ends = AbortSignal.any([abort, failed.signal]);
  let fault: { readonly error: unknown } | undefined;
  await Promise.all(
    parts.map(async (part) => {
      try {
        await part(ends);
      } catch (error) {
        if (!ends.aborted) fault = { error };
        failed.abort(error);
      }
    }),
  );
  if (fault !== undefined) throw fault.error;
}
