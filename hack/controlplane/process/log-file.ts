import { readFile } from 'node:fs/promises';

/** What a process has written so far; empty where it wrote nothing. */
export async function readLog(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** The last lines, for an error message. */
export function tail(log: string, lines = 15): string {
  return log.trimEnd().split('\n').slice(-lines).join('\n');
}
