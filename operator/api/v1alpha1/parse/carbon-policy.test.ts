import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../../domain/units.ts';
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
