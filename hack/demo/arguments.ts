import { parseArgs } from 'node:util';

export const USAGE = `A day of Sunward on a real Kubernetes control plane: seven jobs in four regions, each of which shows one thing.

  node hack/demo/main.ts [options]          or: make demo ARGS="..."

  --kubeconfig FILE         run on that cluster instead of one of the demo's own; says first what it will create,
                            and removes it at the end. make demo KUBECONFIG=FILE says the same
  --yes                     don't ask before creating anything there
  --speed normal|fast       an hour of the day takes 6 s (default) or 3 s
  --kill-operator-at SECS   kill -9 the operator that many seconds after the jobs are submitted; it is started again
  --json FILE               write what was planned, what happened and the verdict there
  --plain                   a line an event instead of a live view; the default where the output isn't a terminal
  --help                    this text`;

/** Seconds that an hour of the day takes. */
const SPEEDS = { normal: 6, fast: 3 } as const;

export interface DemoOptions {
  /** Absent: a control plane of the demo's own. */
  readonly kubeconfig: string | undefined;
  readonly yes: boolean;
  readonly hourSeconds: number;
  /** After the submission of the jobs. */
  readonly killOperatorAfterMs: number | undefined;
  readonly jsonFile: string | undefined;
  readonly plain: boolean;
  readonly help: boolean;
}

/** The command line can't be understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readArguments(args: readonly string[]): DemoOptions {
  const values = valuesOf(args);
  const { speed = 'normal', 'kill-operator-at': killAt } = values;
  if (speed !== 'normal' && speed !== 'fast') {
    throw new UsageError(`--speed is "${speed}"; it must be normal or fast`);
  }
  const seconds = killAt === undefined ? undefined : Number(killAt);
  if (killAt?.trim() === '' || (seconds !== undefined && !(seconds >= 0 && seconds <= 3_600))) {
    throw new UsageError(`--kill-operator-at is "${String(killAt)}"; it must be a number of seconds from 0 to 3600`);
  }
  if (values.kubeconfig === '') throw new UsageError('--kubeconfig is empty; name a file');
  return {
    kubeconfig: values.kubeconfig,
    yes: values.yes ?? false,
    hourSeconds: SPEEDS[speed],
    killOperatorAfterMs: seconds === undefined ? undefined : seconds * 1_000,
    jsonFile: values.json,
    plain: values.plain ?? false,
    help: values.help ?? false,
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        speed: { type: 'string' },
        'kill-operator-at': { type: 'string' },
        json: { type: 'string' },
        plain: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}
