import { readArguments, USAGE, UsageError, type DemoOptions } from './arguments.ts';
import { NotHereError } from './foreign-cluster.ts';
import { runDemo } from './run-demo.ts';
import { Screen } from './view/screen.ts';

/** As shells have it: 128 + the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly exitCode: number;

  constructor(signal: keyof typeof EXIT_CODES) {
    super(`interrupted by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/** Fires at the first signal; the second one ends the process where it stands. */
function interruption(screen: Screen): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        screen.print('ended at once; what is left on a cluster of yours is removed by the next demo there');
        process.exit(EXIT_CODES[signal]);
      }
      screen.endDrawing();
      screen.print(`\n${signal}: cleaning up; once more to end at once`);
      controller.abort(new Interruption(signal));
    });
  }
  return controller.signal;
}

/** 0: all that the demo is to show was so. 1: it wasn't, or the demo failed. 2: it can't run so. 130: interrupted. */
async function main(options: DemoOptions): Promise<number> {
  const { stdout, stdin } = process;
  const isTerminal = stdout.isTTY;
  const screen = new Screen(stdout, { colours: isTerminal && process.env['NO_COLOR'] === undefined });
  const abort = interruption(screen);
  try {
    const surroundings = { screen, live: isTerminal && !options.plain, input: stdin.isTTY ? stdin : undefined };
    return (await runDemo(options, surroundings, abort)) ? 0 : 1;
  } catch (error) {
    if (error instanceof NotHereError) {
      screen.print(error.message);
      return 2;
    }
    if (abort.reason instanceof Interruption && (error === abort.reason || isAbort(error)))
      return abort.reason.exitCode;
    process.stderr.write(`the demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return abort.reason instanceof Interruption ? abort.reason.exitCode : 1;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

let options: DemoOptions | undefined;
try {
  options = readArguments(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
if (options?.help === true) process.stdout.write(`${USAGE}\n`);
else if (options !== undefined) process.exitCode = await main(options);
