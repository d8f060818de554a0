import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What is asked of one suite. */
export interface BenchOptions {
  readonly suite: SuiteName;
  /** Names of cases of that suite, in the order in which they run. */
  readonly cases: readonly string[];
  readonly jobs: number;
  /** Absolute path of the folder that quality cases read; absent for the others. */
  readonly dataDirectory: string | undefined;
  /** Quality cases replay every so many-th job; absent: as many as each thinks fit. */
  readonly stride: number | undefined;
  /** Absolute path of the JSON report. */
  readonly outputFile: string;
  /** Folder for the CPU profiles of the operator; absent: no profile. */
  readonly profileDirectory: string | undefined;
}

export type SuiteName = 'quality' | 'speed' | 'usage' | 'scale';

/** A case as the command line knows it. */
export interface CaseName {
  readonly name: string;
  readonly description: string;
}

/** What can be measured: each suite has its report. */
export type Suites = Readonly<Record<SuiteName, readonly CaseName[]>>;

/** The command line can't be carried out; the message says why, and what can be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_JOBS = 10_000;
const MOST_JOBS = 1_000_000;
const MOST_STRIDE = 1_000_000;
const OUTPUT: Readonly<Record<SuiteName, string>> = {
  quality: 'out/bench/quality.json',
  speed: 'out/bench/speed.json',
  usage: 'out/bench/usage.json',
  scale: 'out/bench/scale.json',
};
/** Of these without a word; the others need a control plane. */
const DEFAULT_SUITES = ['quality', 'speed'] as const;

export function usage({ quality, scale, speed, usage: ofUse }: Suites): string {
  const names = [...quality, ...speed, ...ofUse, ...scale].map(({ name }) => name);
  const width = Math.max(...names.map((name) => name.length), 'quality'.length);
  const lines = (cases: readonly CaseName[]) =>
    cases.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `usage: node hack/bench/main.ts [--case NAME] [--data DIR] [--stride N] [--jobs ${DEFAULT_JOBS}] [--out FILE] [--profile]

How good plans are, against published results and bounds; they need --data:
${lines(quality).join('\n')}
  ${'quality'.padEnd(width)}  all of these

How fast the planner is; with the above what runs without --case:
${lines(speed).join('\n')}

What it costs to see what GPUs do:
${lines(ofUse).join('\n')}

What the operator uses on many jobs:
${lines(scale).join('\n')}
  ${'scale'.padEnd(width)}  all of these

  --data DIR   folder with intensities, forecasts and job traces; docs/benchmarks-quality.md says its layout
  --stride N   replay every N-th job only, of each quality case; 1 replays all; default: what each case says
  --jobs N     jobs of the cases of speed, usage and scale, default ${DEFAULT_JOBS}; 200 is a quick look
  --out FILE   the report as JSON, default out/bench/ with the name of the suite;
               without --case that of quality; the one of speed lies beside it
  --profile    profile the operator's CPU in the scale cases; the profiles lie in a folder beside the report
  --help       this text`;
}

/** Reads the command line: what is asked of each suite in turn; `undefined` where it asks for help. Throws {@link UsageError}. */
export function readOptions(args: readonly string[], suites: Suites): readonly BenchOptions[] | undefined {
  const values = argumentsOf(args, suites);
  if (values.help) return undefined;
  return chosenCases(values.case, suites).map((chosen, k) => optionsOf(values, { ...chosen, isFirst: k === 0 }));
}

function optionsOf(
  values: ReturnType<typeof argumentsOf>,
  { suite, cases, isFirst }: Pick<BenchOptions, 'suite' | 'cases'> & { readonly isFirst: boolean },
): BenchOptions {
  const wanted = isFirst ? values.out : values.out?.replace(/(\.json)?$/, `-${suite}.json`);
  const outputFile = resolve(wanted ?? OUTPUT[suite]);
  if (suite === 'quality' && values.data === undefined) {
    throw new UsageError(
      `--data is missing: case ${values.case ?? suite} reads a folder of intensities and job traces; docs/benchmarks-quality.md says its layout`,
    );
  }
  return {
    suite,
    cases,
    jobs: countOf('--jobs', values.jobs, MOST_JOBS),
    dataDirectory: values.data === undefined ? undefined : resolve(values.data),
    stride: values.stride === undefined ? undefined : countOf('--stride', values.stride, MOST_STRIDE),
    outputFile,
    profileDirectory: values.profile ? outputFile.replace(/(\.json)?$/, '-profile') : undefined,
  };
}

function argumentsOf(args: readonly string[], suites: Suites) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: 'string' },
        data: { type: 'string' },
        stride: { type: 'string' },
        jobs: { type: 'string', default: String(DEFAULT_JOBS) },
        out: { type: 'string' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage(suites)}`, {
      cause: error,
    });
  }
}

function chosenCases(wanted: string | undefined, suites: Suites): readonly Pick<BenchOptions, 'suite' | 'cases'>[] {
  const namesOf = (suite: SuiteName): readonly string[] => suites[suite].map(({ name }) => name);
  if (wanted === undefined) return DEFAULT_SUITES.map((suite) => ({ suite, cases: namesOf(suite) }));
  for (const suite of ['quality', 'speed', 'usage', 'scale'] as const) {
    if (wanted === suite) return [{ suite, cases: namesOf(suite) }];
    if (namesOf(suite).includes(wanted)) return [{ suite, cases: [wanted] }];
  }
  const all = [...suites.quality, ...suites.speed, ...suites.usage, ...suites.scale].map(({ name }) => name);
  throw new UsageError(`--case is "${wanted}": it must be one of ${all.join(', ')}, quality or scale`);
}

function countOf(option: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(`${option} is "${text}": it must be a whole number from 1 to ${most}`);
}
