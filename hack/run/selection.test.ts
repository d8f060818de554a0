import { describe, expect, test } from '@jest/globals';

import { selectTests } from './selection.ts';

const everyday = { soak: false, fileExists: () => true };

describe('choosing tests', () => {
  test('without arguments every kind but soak is chosen', () => {
    expect(selectTests([], everyday).kinds).toEqual(['unit', 'contract', 'integration', 'e2e']);
  });

  test('ONLY chooses one kind', () => {
    expect(selectTests(['--only', 'contract'], everyday).kinds).toEqual(['contract']);
  });

  test('an unknown kind is refused with the kinds that exist', () => {
    expect(() => selectTests(['--only', 'units'], everyday)).toThrow('use unit, contract, integration, e2e');
  });

  test.each([
    ['operator/domain/interval.test.ts', 'unit'],
    ['hack/run/tally.test.ts', 'unit'],
    ['test/contract/carbon-source.test.ts', 'contract'],
    ['./test/integration/reflector.test.ts', 'integration'],
    ['test/e2e/demo.test.ts', 'e2e'],
  ])('the file %s is of kind %s', (file, kind) => {
    expect(selectTests(['--file', file], everyday)).toMatchObject({ kinds: [kind], file });
  });

  test('a file that does not exist is refused by its name', () => {
    const nothing = { soak: false, fileExists: () => false };
    expect(() => selectTests(['--file', 'operator/missing.test.ts'], nothing)).toThrow('FILE=operator/missing.test.ts');
  });

  test('soak tests are chosen by themselves', () => {
    expect(selectTests([], { ...everyday, soak: true }).kinds).toEqual(['soak']);
  });

  test('a soak test among the others is refused with the command that runs it', () => {
    const file = 'test/e2e/faults.soak.test.ts';
    expect(() => selectTests(['--file', file], everyday)).toThrow(`make soak FILE=${file}`);
  });
});
