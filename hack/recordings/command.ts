import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { SecretFile } from '../../operator/adapters/secret-file/secret-file.ts';
import type { EpochMs } from '../../operator/domain/units.ts';
import { SourceError } from '../../operator/ports/source-error.ts';
import { readArguments, USAGE, UsageError, type RecordArguments } from './arguments.ts';
import type { Credentials } from './providers.ts';
import { NotReachedError, record, writeRecording } from './record.ts';
import type { Recording } from './recording.ts';
import { SecretError } from './scrubber.ts';

export interface RecorderSurroundings {
  readonly now: EpochMs;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Runs the contract suite on a file; true where it holds. */
  readonly runSuite: (file: string) => Promise<boolean>;
}

/** How the suite is run on a file, once more after a look at it. */
function suiteCommand(file: string): string {
  return `SUNWARD_RECORDING=${file} make test FILE=test/contract/recordings/recordings.test.ts`;
}

/** Exit codes: 0 recorded and the suite holds; 1 not recorded, or it does not hold; 2 the command line can't be used. */
export async function runRecorder(
  args: readonly string[],
  surroundings: RecorderSurroundings,
  abort: AbortSignal,
): Promise<0 | 1 | 2> {
  try {
    const options = readArguments(args);
    if (options !== undefined) return await recordAndTry(options, surroundings, abort);
    surroundings.print(USAGE);
    return 0;
  } catch (error) {
    if (abort.aborted) {
      surroundings.complain('interrupted; nothing was written');
      return 1;
    }
    const isExpected = [UsageError, NotReachedError, SecretError, SourceError].some((kind) => error instanceof kind);
    if (!isExpected) throw error;
    surroundings.complain((error as Error).message);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function recordAndTry(
  options: RecordArguments,
  { now, print, complain, runSuite }: RecorderSurroundings,
  abort: AbortSignal,
): Promise<0 | 1> {
  const { provider, outputFile, force, baseUrl, settings } = options;
  const file = relative('.', outputFile);
  if (existsSync(outputFile) && !force) throw new UsageError(`${file} is there already; --force replaces it`);
  print(`asking ${provider.name} at ${baseUrl} about zone ${options.zone}`);
  const { recording, text } = await record(
    {
      ...{ provider, settings, baseUrl },
      credentials: credentialsOf(options),
      questions: { ...options, now },
      note: `Recorded from ${provider.name} at ${baseUrl}. The provider's terms say who may have the figures.`,
    },
    abort,
  );
  await mkdir(dirname(outputFile), { recursive: true });
  await writeRecording(outputFile, text, { force });
  for (const line of summaryOf(recording)) print(line);
  print(`written to ${file}`);
  const { expect } = recording;
  if ('noAnswerBecause' in expect) {
    complain(`the suite can't be run on it: the first question has no answer. ${expect.noAnswerBecause}`);
    return 1;
  }
  print(`hold its "expect" against the replies, correct it, set "reviewed" to true, and run: ${suiteCommand(file)}`);
  return (await runSuite(outputFile)) ? 0 : 1;
}

function credentialsOf({ credentialFiles: { key, username, password } }: RecordArguments): Credentials {
  return {
    ...(key !== undefined && { key: new SecretFile(key) }),
    ...(username !== undefined && { username: new SecretFile(username) }),
    ...(password !== undefined && { password: new SecretFile(password) }),
  };
}

function summaryOf({ exchanges, expect }: Recording): readonly string[] {
  const answers = exchanges.map(({ status, path, query }) => `  ${status} ${path}${query === '' ? '' : `?${query}`}`);
  if ('noAnswerBecause' in expect) return answers;
  const { from, until } = expect.known;
  return [...answers, `known from ${from} until ${until}`];
}
