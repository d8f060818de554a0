import { formatDuration } from '../run/command.ts';

/** Takes a line about what goes on. */
export type Progress = (line: string) => void;

const REMINDER_MS = 5_000;

/** Says what is done, every few seconds how far it is, and how long it took. */
export async function step<T>(
  progress: Progress,
  what: string,
  work: () => Promise<T>,
  howFar: () => string = () => '',
): Promise<T> {
  const startedAt = performance.now();
  const elapsed = (): string => formatDuration(performance.now() - startedAt);
  progress(`==> ${what}`);
  const reminder = setInterval(() => {
    progress(`    ${[howFar(), elapsed()].filter((part) => part !== '').join(', ')}`);
  }, REMINDER_MS);
  try {
    const result = await work();
    progress(`    ${what}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
