import process from 'node:process';
import { runCommandLine } from './command-line.ts';
import { processTerminal } from './terminal.ts';

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort(new Error('interrupted'));
});
// Who reads only the first lines, as `head` does, has seen enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
});
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal(process), stop.signal);
