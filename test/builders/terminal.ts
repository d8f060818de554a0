import type { EpochMs } from '../../operator/domain/units.ts';
import { systemClock } from '../../operator/runtime/clocks.ts';
import type { Terminal } from '../../operator/cli/terminal.ts';

/** A terminal that keeps what was written to it: 80 columns, no colours. */
export interface RecordedTerminal extends Terminal {
  readonly written: { out: string; err: string; progress: string[] };
}

export function aTerminal(now: EpochMs, input = ''): RecordedTerminal {
  const written = { out: '', err: '', progress: [] as string[] };
  return {
    written,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    progress: (line) => {
      written.progress.push(line);
    },
    columns: 80,
    colours: false,
    clock: { ...systemClock, now: () => now },
    readInput: () => Promise.resolve(input),
  };
}
