import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aCarbonPolicy } from '../../../test/builders/cluster.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { governanceOf, rememberedGovernance } from './governance.ts';
import { policyRecordOf, projectNamespace } from './policy-record.ts';
import { resolvePolicy } from './resolve-policy.ts';

const namespace = (name: string, labels: Record<string, string> = {}) =>
  projectNamespace({ metadata: { name, labels } });
const research = { matchLabels: { team: 'research' } };
const ALL = policyRecordOf(aCarbonPolicy('all'));
const RESEARCH = policyRecordOf(aCarbonPolicy('research', { namespaceSelector: research, objective: 'Carbon' }));
const NAMESPACES = [
  namespace('web'),
  namespace('vision', { team: 'research' }),
  namespace('audio', { team: 'research' }),
];

describe('governance', () => {
  test('says which policy holds where', () => {
    const governance = governanceOf(NAMESPACES, [ALL, RESEARCH]);
    expect(governance.policyOf('web').name).toBe('all');
    expect(governance.policyOf('vision').name).toBe('research');
  });

  test('has the built-in defaults for a namespace that is not known yet', () => {
    expect(governanceOf(NAMESPACES, [ALL]).policyOf('new')).toBe(BUILT_IN_POLICY);
  });

  test('says which namespaces a policy governs, and who overrules it where', () => {
    const governance = governanceOf(NAMESPACES, [ALL, RESEARCH]);
    expect(governance.dominionOf('research')).toEqual({ governs: ['audio', 'vision'], overruled: [] });
    expect(governance.dominionOf('all')).toEqual({
      governs: ['web'],
      overruled: [
        { namespace: 'audio', by: 'research' },
        { namespace: 'vision', by: 'research' },
      ],
    });
    expect(governance.dominionOf('unknown')).toBeUndefined();
  });

  test('lists everything that holds somewhere, the built-in defaults first', () => {
    expect(governanceOf([], [ALL, RESEARCH]).policies.map(({ name }) => name)).toEqual([undefined, 'research', 'all']);
  });

  test('gives each namespace what it would get by itself', () => {
    const labels = fc.dictionary(fc.constantFrom('team', 'env'), fc.constantFrom('research', 'b'));
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 5 }), (list) => {
        const namespaces = list.map((own, i) => namespace(`n${String(i)}`, own));
        const governance = governanceOf(namespaces, [RESEARCH]);
        for (const { name, labels: own } of namespaces) {
          expect(governance.policyOf(name)).toEqual(resolvePolicy(own, [RESEARCH]));
        }
      }),
    );
  });
});

test('it is worked out anew only when namespaces or policies have changed', () => {
  let namespaces: readonly ReturnType<typeof namespace>[] = NAMESPACES;
  const policies = [ALL];
  const governance = rememberedGovernance(
    () => namespaces,
    () => policies,
  );
  const first = governance();
  expect(governance()).toBe(first);
  namespaces = [...NAMESPACES, namespace('new')];
  expect(governance()).not.toBe(first);
  expect(governance().policyOf('new').name).toBe('all');
});
