/** Takes a line about what is going on. */
export type Progress = (line: string) => void;

export const progressToStandardError: Progress = (line) => {
  process.stderr.write(`${line}\n`);
};

const REMINDER_MS = 15_000;

/** Says what begins, that it still goes on, and how long it took. */
export async function timed<T>(
  progress: Progress,
  what: { readonly doing: string; readonly done: string },
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = performance.now();
  const seconds = (): string => `${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`;
  progress(`${what.doing} …`);
  const reminder = setInterval(() => {
    progress(`${what.doing} … ${seconds()}`);
  }, REMINDER_MS);
  try {
    const result = await work();
    progress(`${what.done} in ${seconds()}`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
