import { describe, expect, test } from '@jest/globals';
import { aJobTemplate } from '../../../test/builders/carbon-aware-job.ts';
import { admittedValues, nodeFilterOf } from './node-filter.ts';
import { podSpecOf } from './unstructured.ts';

const REGION = 'topology.kubernetes.io/region';
const REGIONS = ['north', 'south', 'west'];

const withAffinity = (...nodeSelectorTerms: readonly object[]) =>
  aJobTemplate({
    podSpec: {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    },
  });
const regions = (template: unknown) => admittedValues(podSpecOf(template), REGION, REGIONS);

describe('the regions that a template leaves', () => {
  test('are all where it says nothing', () => {
    expect(regions(aJobTemplate())).toBeUndefined();
  });

  test('are the one that its node selector names', () => {
    expect(regions(aJobTemplate({ podSpec: { nodeSelector: { [REGION]: 'south' } } }))).toEqual(['south']);
  });

  test('are none where its node selector names an unknown one', () => {
    expect(regions(aJobTemplate({ podSpec: { nodeSelector: { [REGION]: 'east' } } }))).toEqual([]);
  });

  test('are all where its node selector names other labels', () => {
    expect(regions(aJobTemplate({ podSpec: { nodeSelector: { disk: 'ssd' } } }))).toBeUndefined();
  });

  test.each([
    ['In', { operator: 'In', values: ['north', 'west'] }, ['north', 'west']],
    ['NotIn', { operator: 'NotIn', values: ['north'] }, ['south', 'west']],
    ['Exists', { operator: 'Exists' }, undefined],
    ['DoesNotExist', { operator: 'DoesNotExist' }, []],
  ])('are those that %s admits', (_, expression, left) => {
    expect(regions(withAffinity({ matchExpressions: [{ key: REGION, ...expression }] }))).toEqual(left);
  });

  test('are those of any term, for terms are alternatives', () => {
    const template = withAffinity(
      { matchExpressions: [{ key: REGION, operator: 'In', values: ['north'] }] },
      { matchExpressions: [{ key: REGION, operator: 'In', values: ['west'] }] },
    );
    expect(regions(template)).toEqual(['north', 'west']);
  });

  test('are all where one term speaks of something else', () => {
    const template = withAffinity(
      { matchExpressions: [{ key: REGION, operator: 'In', values: ['north'] }] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
    );
    expect(regions(template)).toBeUndefined();
  });

  test('are none where an empty term is all there is', () => {
    expect(regions(withAffinity({}))).toEqual([]);
  });

  test('must meet the node selector and the affinity', () => {
    const { spec } = withAffinity({ matchExpressions: [{ key: REGION, operator: 'NotIn', values: ['south'] }] });
    const podSpec = { ...(spec?.template?.['spec'] as object), nodeSelector: { [REGION]: 'south' } };
    expect(regions(aJobTemplate({ podSpec }))).toEqual([]);
  });

  test('may be compared as numbers', () => {
    const template = withAffinity({ matchExpressions: [{ key: 'generation', operator: 'Gt', values: ['2'] }] });
    expect(admittedValues(podSpecOf(template), 'generation', ['1', '2', '3'])).toEqual(['3']);
  });

  test('are the same by what is kept of a pod', () => {
    const required = { matchExpressions: [{ key: REGION, operator: 'In', values: ['north'] }] };
    for (const template of [
      withAffinity(required),
      aJobTemplate({ podSpec: { nodeSelector: { [REGION]: 'south' } } }),
      aJobTemplate({ podSpec: { nodeSelector: { disk: 'ssd' } } }),
    ]) {
      expect(admittedValues(nodeFilterOf(podSpecOf(template)) ?? {}, REGION, REGIONS)).toEqual(regions(template));
    }
    expect(nodeFilterOf(podSpecOf(aJobTemplate()))).toBeUndefined();
  });
});
