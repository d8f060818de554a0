import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export const TEST_KINDS = ['unit', 'contract', 'integration', 'e2e', 'soak'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

/** Which tests were asked for. */
export interface Selection {
  readonly kinds: readonly TestKind[];
  readonly file: string | undefined;
  readonly name: string | undefined;
}

/** A request for tests that cannot be met; the message names the argument and the remedy. */
export class SelectionError extends Error {}

interface Surroundings {
  /** Soak tests run by themselves, and only they. */
  readonly soak: boolean;
  readonly fileExists?: (path: string) => boolean;
}

/** Reads `--only`, `--file` and `--name`. A file alone says its kind by the folder that it lies in. */
export function selectTests(args: readonly string[], { soak, fileExists = existsSync }: Surroundings): Selection {
  const { only, file, name } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, file: { type: 'string' }, name: { type: 'string' } },
  }).values;
  if (file !== undefined) {
    if (!fileExists(file)) throw new SelectionError(`FILE=${file} does not exist: give a path from the project's root`);
    if (file.endsWith('.soak.test.ts') !== soak) {
      throw new SelectionError(
        `FILE=${file} is not one of these tests: use make ${soak ? 'test' : 'soak'} FILE=${file}`,
      );
    }
  }
  if (soak) return { kinds: ['soak'], file, name };
  return { kinds: kindsFor(only, file), file, name };
}

function kindsFor(only: string | undefined, file: string | undefined): readonly TestKind[] {
  const everyday = TEST_KINDS.filter((kind) => kind !== 'soak');
  if (only === undefined) return file === undefined ? everyday : [kindOf(file)];
  const kind = everyday.find((each) => each === only);
  if (kind === undefined) throw new SelectionError(`ONLY=${only} is no kind of test: use ${everyday.join(', ')}`);
  return [kind];
}

function kindOf(file: string): TestKind {
  const folder = /^(?:\.\/)?test\/([^/]+)\//.exec(file)?.[1];
  return TEST_KINDS.find((kind) => kind === folder) ?? 'unit';
}
