import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './config.ts';
import { parseConfig } from './parse-config.ts';

function problemsIn(text: string): string {
  try {
    parseConfig(text, 'config.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

test('an empty file is a whole configuration', () => {
  const config = parseConfig('', 'config.yaml');
  expect(config.planning).toMatchObject({ slot: 300_000, hysteresisShare: 0.05 });
  expect(config.carbon.sources).toEqual([{ kind: 'typicalDay', zones: undefined }]);
  expect(config.leaderElection).toEqual({
    enabled: true,
    leaseDuration: 15_000,
    renewDeadline: 10_000,
    retryPeriod: 2_000,
  });
});

test('sources keep their order of preference', () => {
  const text = 'carbon: {sources: [{file: {path: /data/day.csv, rung: LiveForecast}}, {typicalDay: {}}]}';
  expect(parseConfig(text, 'config.yaml').carbon.sources).toEqual([
    { kind: 'file', path: '/data/day.csv', rung: 'LiveForecast', synthetic: true },
    { kind: 'typicalDay' },
  ]);
});

describe('a problem names its field, its value and the remedy', () => {
  test.each([
    ['planing: {}', 'planing is unknown; remove it or correct its name'],
    ['planning: {slots: 5m}', 'planning.slots is unknown; remove it or correct its name'],
    ['planning: {slot: 5x}', 'planning.slot is "5x"; write a length of time like 5m, 90s or 1h30m'],
    ['planning: {slot: 2h}', 'planning.slot must be from 1s to 1h'],
    ['log: {level: loud}', 'log.level is "loud"; it must be one of debug, info, warn, error'],
    ['jobs: {concurrency: 0}', 'jobs.concurrency is 0: it must be >= 1'],
    ['carbon: {sources: [{file: {}}]}', 'carbon.sources.0.file.path is missing; add it'],
    [
      'leaderElection: {leaseDuration: 5s}',
      'leaderElection.leaseDuration must be longer than leaderElection.renewDeadline',
    ],
    ['a: [', 'config.yaml is not YAML'],
  ])('%s', (text, problem) => {
    expect(problemsIn(text)).toContain(problem);
  });

  test('and all of them at once', () => {
    const problems = problemsIn('planning: {slot: 5x}\nlog: {level: loud}');
    expect(problems).toContain('planning.slot');
    expect(problems).toContain('log.level');
  });
});
