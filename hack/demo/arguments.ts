import { parseArgs } from 'node:util';
import { SECOND_MS, type DurationMs } from '../../operator/domain/units.ts';
import { CARBON_SOURCES, type CarbonSourceName } from './carbon/carbon-feed.ts';
import type { OutagePlan } from './carbon/outage.ts';

export const USAGE = `A day of Sunward on a real Kubernetes control plane: seven jobs in four regions, each of which shows one thing.

  node hack/demo/main.ts [options]          or: make demo ARGS="..."

  --kubeconfig FILE         run on that cluster instead of one of the demo's own; says first what it will create,
                            and removes it at the end. make demo KUBECONFIG=FILE says the same
  --yes                     don't ask before creating anything there
  --speed normal|fast       an hour of the day takes 6 s (default) or 3 s
  --carbon SOURCE           where the operator has its intensity from: file (default), or an API that the demo plays
                            after electricity-maps or uk-carbon-intensity
  --provider-outage F-U     that API breaks down F seconds after the jobs are submitted, and is back after U seconds
  --kill-operator-at SECS   kill -9 the operator that many seconds after the jobs are submitted; it is started again
  --json FILE               write what was planned, what happened and the verdict there
  --plain                   a line an event instead of a live view; the default where the output isn't a terminal
  --help                    this text`;

/** Seconds that an hour of the day takes. */
const SPEEDS = { normal: 6, fast: 3 } as const;
const LONGEST_DEMO_SECONDS = 3_600;
/** A shorter outage may be over before the operator has been through its retries and its last forecast has grown old. */
const SHORTEST_OUTAGE_SECONDS = 15;

export interface DemoOptions {
  /** Absent: a control plane of the demo's own. */
  readonly kubeconfig: string | undefined;
  readonly yes: boolean;
  readonly hourSeconds: number;
  readonly carbon: CarbonSourceName;
  readonly providerOutage: OutagePlan | undefined;
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
  const { speed = 'normal' } = values;
  if (speed !== 'normal' && speed !== 'fast') {
    throw new UsageError(`--speed is "${speed}"; it must be normal or fast`);
  }
  const carbon = carbonIn(values.carbon);
  if (values.kubeconfig === '') throw new UsageError('--kubeconfig is empty; name a file');
  return {
    kubeconfig: values.kubeconfig,
    yes: values.yes ?? false,
    hourSeconds: SPEEDS[speed],
    carbon,
    providerOutage: outageIn(values['provider-outage'], carbon),
    killOperatorAfterMs: killIn(values['kill-operator-at']),
    jsonFile: values.json,
    plain: values.plain ?? false,
    help: values.help ?? false,
  };
}

function carbonIn(text = 'file'): CarbonSourceName {
  const source = CARBON_SOURCES.find((name) => name === text);
  if (source === undefined)
    throw new UsageError(`--carbon is "${text}"; it must be one of ${CARBON_SOURCES.join(', ')}`);
  return source;
}

function outageIn(text: string | undefined, carbon: CarbonSourceName): OutagePlan | undefined {
  if (text === undefined) return undefined;
  if (carbon === 'file') {
    throw new UsageError('--provider-outage needs a provider; add --carbon electricity-maps or uk-carbon-intensity');
  }
  const [, from, until] = (/^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? []).map(Number);
  if (
    from === undefined ||
    until === undefined ||
    until > LONGEST_DEMO_SECONDS ||
    until - from < SHORTEST_OUTAGE_SECONDS
  ) {
    throw new UsageError(
      `--provider-outage is "${text}"; write from when until when in seconds, at least ${SHORTEST_OUTAGE_SECONDS} of them, such as 8-25`,
    );
  }
  return { fromMs: from * SECOND_MS, untilMs: until * SECOND_MS };
}

function killIn(text: string | undefined): DurationMs | undefined {
  if (text === undefined) return undefined;
  const seconds = text.trim() === '' ? NaN : Number(text);
  if (!(seconds >= 0 && seconds <= LONGEST_DEMO_SECONDS)) {
    throw new UsageError(
      `--kill-operator-at is "${text}"; it must be a number of seconds from 0 to ${LONGEST_DEMO_SECONDS}`,
    );
  }
  return seconds * SECOND_MS;
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        speed: { type: 'string' },
        carbon: { type: 'string' },
        'provider-outage': { type: 'string' },
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
