import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What one run is asked to measure. */
export interface BenchOptions {
  /** Names of cases, in the order in which they run. */
  readonly cases: readonly string[];
  readonly jobs: number;
  /** Absolute path of the JSON report. */
  readonly outputFile: string;
  /** Folder for the CPU profiles of the operator; absent: no profile. */
  readonly profileDirectory: string | undefined;
}

/** A case as the command line knows it. */
export interface CaseName {
  readonly name: string;
  readonly description: string;
}

/** The command line can't be carried out; the message says why, and what can be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_JOBS = 10_000;
const MOST_JOBS = 1_000_000;
const DEFAULT_OUTPUT = 'out/bench/scale.json';

export function usage(cases: readonly CaseName[]): string {
  const width = Math.max(...cases.map(({ name }) => name.length), 'all'.length);
  return `usage: node hack/bench/main.ts [--case NAME|all] [--jobs ${DEFAULT_JOBS}] [--out FILE] [--profile]

${cases.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')}
  ${'all'.padEnd(width)}  every case, the default

  --jobs N     CarbonAwareJobs, default ${DEFAULT_JOBS}; 200 is a quick look
  --out FILE   the report as JSON, default ${DEFAULT_OUTPUT}
  --profile    profile the operator's CPU; the profiles lie in a folder beside the report
  --help       this text`;
}

/** Reads the command line; `undefined` where it asks for help. Throws {@link UsageError}. */
export function readOptions(args: readonly string[], cases: readonly CaseName[]): BenchOptions | undefined {
  const values = argumentsOf(args, cases);
  if (values.help) return undefined;
  const outputFile = resolve(values.out ?? DEFAULT_OUTPUT);
  return {
    cases: chosenCases(values.case, cases),
    jobs: countOf(values.jobs),
    outputFile,
    profileDirectory: values.profile ? outputFile.replace(/(\.json)?$/, '-profile') : undefined,
  };
}

function argumentsOf(args: readonly string[], cases: readonly CaseName[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: 'string', default: 'all' },
        jobs: { type: 'string', default: String(DEFAULT_JOBS) },
        out: { type: 'string' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage(cases)}`, {
      cause: error,
    });
  }
}

function chosenCases(wanted: string, cases: readonly CaseName[]): readonly string[] {
  const names = cases.map(({ name }) => name);
  if (wanted === 'all') return names;
  if (names.includes(wanted)) return [wanted];
  throw new UsageError(`--case is "${wanted}": it must be one of ${names.join(', ')} or all`);
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_JOBS) return count;
  throw new UsageError(`--jobs is "${text}": it must be a whole number from 1 to ${MOST_JOBS}`);
}
