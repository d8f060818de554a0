import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { systemClock } from '../runtime/clocks.ts';
import type { Clock } from '../ports/clock.ts';
import { UsageError } from './answer.ts';
import { wordsOf } from './error-text.ts';

/** Where a command line stands: what it writes to, and what it may look at. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Shows how far something is, in place of what was shown before; nothing takes that away. Only where a person looks. */
  readonly progress: (line: string) => void;
  /** Characters that a line of `out` holds. */
  readonly columns: number;
  /** Whether `out` understands escape codes. */
  readonly colours: boolean;
  readonly clock: Clock;
  readonly readInput: () => Promise<string>;
}

const DEFAULT_COLUMNS = 80;
/** Tables on wider terminals are hard to follow from one end to the other. */
const WIDEST = 140;

/** Erase in line (ECMA-48): erases from the cursor to the end of the line. */
const CLEAR_LINE = '\u001B[K';

/** This process. Colours only where a person looks, who has not said no to them (NO_COLOR, see no-color.org). */
export function processTerminal({ stdout, stderr, stdin, env }: NodeJS.Process): Terminal {
  const dislikesColours = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    out: (words) => stdout.write(words),
    err: (words) => stderr.write(words),
    progress: (line) => stderr.isTTY && stderr.write(`\r${CLEAR_LINE}${line}`),
    columns: Math.min(WIDEST, stdout.isTTY ? stdout.columns : DEFAULT_COLUMNS),
    colours: stdout.isTTY && !dislikesColours,
    clock: systemClock,
    readInput: () => text(stdin),
  };
}

/**
 * The text of a file that the command line names, `-` for standard input. Throws {@link UsageError}.
 * @param option that names it, e.g. `-f`
 */
export async function readNamed(path: string, option: string, terminal: Terminal): Promise<string> {
  if (path === '-') return terminal.readInput();
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${path} can't be read: ${wordsOf(error)}`, { cause: error });
  }
}
