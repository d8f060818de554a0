import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { readOptions, usage, UsageError } from './options.ts';

const SUITES = {
  quality: [
    { name: '1', description: 'nightly window' },
    { name: '3', description: 'sweep' },
  ],
  speed: [{ name: 'speed', description: 'plans' }],
  usage: [{ name: 'usage', description: 'looks' }],
  scale: [
    { name: 'cold-start', description: 'starts' },
    { name: 'new-forecast', description: 'plans anew' },
  ],
};

describe('the command line of the benchmarks', () => {
  test('asks for all cases of quality and for speed when only the data are named', () => {
    const common = { jobs: 10_000, dataDirectory: '/tmp/data', stride: undefined, profileDirectory: undefined };
    expect(readOptions(['--data', '/tmp/data'], SUITES)).toEqual([
      { suite: 'quality', cases: ['1', '3'], outputFile: resolve('out/bench/quality.json'), ...common },
      { suite: 'speed', cases: ['speed'], outputFile: resolve('out/bench/speed.json'), ...common },
    ]);
  });

  test('puts the report of speed beside the one that a file is named for', () => {
    const files = readOptions(['--data', '/tmp/data', '--out', '/tmp/all.json'], SUITES)?.map((one) => one.outputFile);
    expect(files).toEqual(['/tmp/all.json', '/tmp/all-speed.json']);
  });

  test('takes one case by its number, and how many of its jobs are left out', () => {
    expect(readOptions(['--case', '3', '--data', '/tmp/data', '--stride', '7'], SUITES)).toMatchObject([
      { suite: 'quality', cases: ['3'], stride: 7 },
    ]);
  });

  test('takes speed alone, which needs no data', () => {
    expect(readOptions(['--case', 'speed', '--jobs', '50', '--out', '/tmp/quick.json'], SUITES)).toMatchObject([
      { suite: 'speed', cases: ['speed'], jobs: 50, outputFile: '/tmp/quick.json' },
    ]);
  });

  test('takes one case of scale, a number of jobs and a file, and needs no data for it', () => {
    const args = ['--case', 'new-forecast', '--jobs', '200', '--out', '/tmp/quick.json'];
    expect(readOptions(args, SUITES)).toMatchObject([
      { suite: 'scale', cases: ['new-forecast'], jobs: 200, outputFile: '/tmp/quick.json' },
    ]);
  });

  test('takes all cases of scale, whose report lies beside the others', () => {
    expect(readOptions(['--case', 'scale'], SUITES)).toMatchObject([
      { cases: ['cold-start', 'new-forecast'], outputFile: resolve('out/bench/scale.json') },
    ]);
  });

  test('takes usage alone, which needs no data', () => {
    expect(readOptions(['--case', 'usage', '--jobs', '50'], SUITES)).toMatchObject([
      { suite: 'usage', cases: ['usage'], jobs: 50, outputFile: resolve('out/bench/usage.json') },
    ]);
  });

  test('puts profiles beside the report', () => {
    const args = ['--case', 'scale', '--profile', '--out', '/tmp/quick.json'];
    expect(readOptions(args, SUITES)).toMatchObject([{ profileDirectory: '/tmp/quick-profile' }]);
  });

  test('answers a wish for help with no options, and the usage names every case', () => {
    expect(readOptions(['--help'], SUITES)).toBeUndefined();
    for (const { name } of Object.values(SUITES).flat()) expect(usage(SUITES)).toContain(`  ${name} `);
  });

  test.each([
    [['--case', '3'], '--data is missing: case 3 reads a folder'],
    [
      ['--case', 'warm-start'],
      '--case is "warm-start": it must be one of 1, 3, speed, usage, cold-start, new-forecast, quality or scale',
    ],
    [['--case', 'scale', '--jobs', '0'], '--jobs is "0": it must be a whole number from 1'],
    [['--data', '.', '--stride', 'many'], '--stride is "many"'],
    [['--job', '5'], '--job'],
  ])('refuses %j and says what it takes', (args, message) => {
    const reading = () => readOptions(args, SUITES);
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(message);
  });
});
