import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { readOptions, usage, UsageError } from './options.ts';

const CASES = [
  { name: 'cold-start', description: 'starts' },
  { name: 'new-forecast', description: 'plans anew' },
];

describe('the command line of the benchmarks', () => {
  test('asks for every case on ten thousand jobs when nothing is said', () => {
    expect(readOptions([], CASES)).toEqual({
      cases: ['cold-start', 'new-forecast'],
      jobs: 10_000,
      outputFile: resolve('out/bench/scale.json'),
      profileDirectory: undefined,
    });
  });

  test('takes one case, a number of jobs and a file', () => {
    expect(readOptions(['--case', 'new-forecast', '--jobs', '200', '--out', '/tmp/quick.json'], CASES)).toMatchObject({
      cases: ['new-forecast'],
      jobs: 200,
      outputFile: '/tmp/quick.json',
    });
  });

  test('puts profiles beside the report', () => {
    expect(readOptions(['--profile', '--out', '/tmp/quick.json'], CASES)?.profileDirectory).toBe('/tmp/quick-profile');
  });

  test('answers a wish for help with no options, and the usage names every case', () => {
    expect(readOptions(['--help'], CASES)).toBeUndefined();
    for (const { name } of CASES) expect(usage(CASES)).toContain(name);
  });

  test.each([
    [['--case', 'warm-start'], '--case is "warm-start": it must be one of cold-start, new-forecast or all'],
    [['--jobs', '0'], '--jobs is "0": it must be a whole number from 1'],
    [['--jobs', 'many'], '--jobs is "many"'],
    [['--job', '5'], '--job'],
  ])('refuses %j and says what it takes', (args, message) => {
    const reading = () => readOptions(args, CASES);
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(message);
  });
});
