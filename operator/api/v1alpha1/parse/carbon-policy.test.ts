import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { PRESETS } from '../objectives.ts';
import { parseCarbonPolicy } from './carbon-policy.ts';

const parse = (spec: object) => parseCarbonPolicy({ spec: { namespaceSelector: {}, ...spec } });

describe('a CarbonPolicy', () => {
  test('with an empty selector selects every namespace and leaves all else open', () => {
    expect(parse({})).toEqual({
      ok: true,
      value: {
        namespaceRequirements: [],
        objective: undefined,
        signal: 'Average',
        withoutData: 'Run',
        weight: 1,
        defaultMaxDelay: undefined,
        home: undefined,
        longestDelay: undefined,
        sitesAllowed: undefined,
        usage: {
          idle: { below: 0.05, for: 30 * MINUTE_MS, action: 'Alert' },
          underused: { below: 0.3, for: 2 * HOUR_MS },
        },
      },
    });
  });

  test('with every field is read, and each label and expression is one requirement', () => {
    const reading = parse({
      namespaceSelector: {
        matchLabels: { team: 'research', region: 'eu' },
        matchExpressions: [
          { key: 'stage', operator: 'NotIn', values: ['production'] },
          { key: 'gpu', operator: 'Exists' },
        ],
      },
      objective: 'Carbon',
      signal: 'Marginal',
      withoutData: 'Hold',
      weight: 3,
      defaults: { maxDelay: '12h', home: 'frankfurt' },
      limits: { maxDelay: '48h', sites: { allow: ['frankfurt'] } },
      idle: { utilisationBelowPercent: 10, for: '45m', action: 'Pause' },
      underused: { utilisationBelowPercent: 40, for: '3h' },
    });
    expect(reading).toEqual({
      ok: true,
      value: {
        namespaceRequirements: [
          { key: 'region', operator: 'In', values: ['eu'] },
          { key: 'team', operator: 'In', values: ['research'] },
          { key: 'stage', operator: 'NotIn', values: ['production'] },
          { key: 'gpu', operator: 'Exists', values: [] },
        ],
        objective: PRESETS.Carbon,
        signal: 'Marginal',
        withoutData: 'Hold',
        weight: 3,
        defaultMaxDelay: 12 * HOUR_MS,
        home: 'frankfurt',
        longestDelay: 48 * HOUR_MS,
        sitesAllowed: ['frankfurt'],
        usage: {
          idle: { below: 0.1, for: 45 * MINUTE_MS, action: 'Pause' },
          underused: { below: 0.4, for: 3 * HOUR_MS },
        },
      },
    });
  });

  test.each<[string, object, string, string]>([
    [
      'no selector',
      { namespaceSelector: null },
      'spec.namespaceSelector',
      'is missing; write {} to select every namespace',
    ],
    [
      'In without values',
      { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
      'spec.namespaceSelector.matchExpressions[0].values',
      'is empty; add a value for In',
    ],
    [
      'Exists with values',
      { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } },
      'spec.namespaceSelector.matchExpressions[0].values',
      'must be empty for Exists; remove it',
    ],
    [
      'a default beyond its own limit',
      { defaults: { maxDelay: '3h' }, limits: { maxDelay: '2h' } },
      'spec.defaults.maxDelay',
      'is longer than limits.maxDelay; shorten it, or raise the limit',
    ],
    [
      'a list that allows nothing',
      { limits: { sites: { allow: [] } } },
      'spec.limits.sites.allow',
      'names no site; add one, or remove allow to allow every site',
    ],
    [
      'an idle share of 0',
      { idle: { utilisationBelowPercent: 0 } },
      'spec.idle.utilisationBelowPercent',
      'is not a whole number from 1 to 50',
    ],
    [
      'an underused share of all',
      { underused: { utilisationBelowPercent: 100 } },
      'spec.underused.utilisationBelowPercent',
      'is not a whole number from 2 to 99',
    ],
    [
      'an idle share that is not below the default of underused',
      { idle: { utilisationBelowPercent: 30 } },
      'spec.underused.utilisationBelowPercent',
      '30 is not above the 30 of idle.utilisationBelowPercent; raise it, or lower that of idle',
    ],
    [
      'an underused share below the default of idle',
      { underused: { utilisationBelowPercent: 4 } },
      'spec.underused.utilisationBelowPercent',
      '4 is not above the 5 of idle.utilisationBelowPercent; raise it, or lower that of idle',
    ],
    ['an idle time of nothing', { idle: { for: '0s' } }, 'spec.idle.for', 'must be longer than 0s'],
    ['an unknown action', { idle: { action: 'Delete' } }, 'spec.idle.action', 'is unknown; write Alert or Pause'],
    [
      'an underused time in words',
      { underused: { for: 'long' } },
      'spec.underused.for',
      '"long" is not a length of time; write it like 6h, 1h30m or 45s',
    ],
    ['a weight of 0', { weight: 0 }, 'spec.weight', 'is not a whole number from 1 to 1000'],
    ['half a weight', { weight: 0.5 }, 'spec.weight', 'is not a whole number from 1 to 1000'],
    ['a signal that is unknown', { signal: 'Total' }, 'spec.signal', 'is unknown; write Average or Marginal'],
    ['a word that is unknown', { withoutData: 'Wait' }, 'spec.withoutData', 'is unknown; write Run or Hold'],
  ])('with %s is refused by field and remedy', (_what, spec, field, message) => {
    const reading = parse(spec);
    expect(!reading.ok && reading.problems.map((problem) => [problem.field, problem.message])).toEqual([
      [field, message],
    ]);
  });
});
