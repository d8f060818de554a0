import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aCarbonPolicy } from '../../../test/builders/cluster.ts';
import type { CarbonPolicySpec } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { PRESETS } from '../../api/v1alpha1/objectives.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { policyRecordOf, type PolicyRecord } from './policy-record.ts';
import { resolvePolicy } from './resolve-policy.ts';

const policy = (name: string, spec: Partial<CarbonPolicySpec> = {}, createdAt = '2026-06-01T00:00:00Z'): PolicyRecord =>
  policyRecordOf(aCarbonPolicy(name, spec, { creationTimestamp: createdAt }));

const research = { matchLabels: { team: 'research' } };

describe('the policy of a namespace', () => {
  test('is the built-in defaults where no policy selects it', () => {
    expect(resolvePolicy({ team: 'web' }, [policy('research', { namespaceSelector: research })])).toEqual(
      BUILT_IN_POLICY,
    );
    expect(resolvePolicy({}, [])).toEqual(BUILT_IN_POLICY);
  });

  test('is the one that selects it, with the built-in defaults for what it leaves open', () => {
    const one = policy('research', { namespaceSelector: research, objective: 'Carbon', withoutData: 'Hold' });
    expect(resolvePolicy({ team: 'research' }, [one])).toEqual({
      ...BUILT_IN_POLICY,
      name: 'research',
      objective: PRESETS.Carbon,
      withoutData: 'Hold',
    });
  });

  test('says everything that the policy says', () => {
    const one = policy('all', {
      objective: 'Custom',
      prices: { carbonPerTonne: '50', delayPerAcceleratorHour: '0.5' },
      signal: 'Marginal',
      withoutData: 'Hold',
      weight: 3,
      defaults: { maxDelay: '6h', home: 'berlin' },
      limits: { maxDelay: '24h', sites: { allow: ['berlin', 'lulea'] } },
      idle: { utilisationBelowPercent: 10, action: 'Pause' },
      underused: { for: '1h' },
    });
    expect(resolvePolicy({}, [one])).toEqual({
      name: 'all',
      objective: { lexicographic: false, carbonPricePerTonne: 50, delayPricePerAcceleratorHour: 0.5 },
      signal: 'Marginal',
      withoutData: 'Hold',
      weight: 3,
      defaultMaxDelay: 6 * HOUR_MS,
      home: 'berlin',
      longestDelay: 24 * HOUR_MS,
      sitesAllowed: ['berlin', 'lulea'],
      usage: {
        idle: { below: 0.1, for: HOUR_MS / 2, action: 'Pause' },
        underused: { below: 0.3, for: HOUR_MS },
      },
    });
  });

  test('delays no longer by default than its own limit', () => {
    expect(resolvePolicy({}, [policy('short', { limits: { maxDelay: '2h' } })]).defaultMaxDelay).toBe(2 * HOUR_MS);
  });

  test('is the more specific one', () => {
    const broad = policy('broad', {}, '2020-01-01T00:00:00Z');
    const narrow = policy('narrow', { namespaceSelector: research });
    const narrower = policy('narrower', {
      namespaceSelector: { ...research, matchExpressions: [{ key: 'env', operator: 'DoesNotExist' }] },
    });
    expect(resolvePolicy({ team: 'research' }, [broad, narrower, narrow]).name).toBe('narrower');
    expect(resolvePolicy({ team: 'research', env: 'prod' }, [broad, narrower, narrow]).name).toBe('narrow');
    expect(resolvePolicy({}, [broad, narrower, narrow]).name).toBe('broad');
  });

  test('is the older one of two that are as specific, then the first by name', () => {
    const young = policy('a', {}, '2026-06-02T00:00:00Z');
    const old = policy('z', {}, '2026-06-01T00:00:00Z');
    expect(resolvePolicy({}, [young, old]).name).toBe('z');
    expect(resolvePolicy({}, [policy('c'), policy('b')]).name).toBe('b');
  });

  test('is not one that can not be read, which stands in nobody’s way', () => {
    const broken = policyRecordOf(
      aCarbonPolicy('broken', { ...research, objective: 'Cheap' as never, namespaceSelector: research }),
    );
    expect(broken.spec.ok).toBe(false);
    expect(resolvePolicy({ team: 'research' }, [broken, policy('all')]).name).toBe('all');
  });
});

const labels = fc.dictionary(fc.constantFrom('team', 'env'), fc.constantFrom('a', 'b'));
const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom('team', 'env'),
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(fc.constantFrom('a', 'b'), { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom('team', 'env'),
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
  }),
);
const selector = fc.record({ matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) });
const policies = fc
  .array(fc.record({ namespaceSelector: selector, age: fc.integer({ min: 0, max: 2 }), broken: fc.boolean() }), {
    maxLength: 6,
  })
  .map((list) =>
    list.map(({ namespaceSelector, age, broken }, i) =>
      policy(
        `p${String(i)}`,
        { namespaceSelector, ...(broken && { signal: 'Both' as never }) },
        `2026-06-0${String(age + 1)}T00:00:00Z`,
      ),
    ),
  );

describe('whatever the policies', () => {
  test('their order makes no difference', () => {
    fc.assert(
      fc.property(labels, policies, fc.infiniteStream(fc.nat()), (of, list, ranks) => {
        const shuffled = list.map((one) => ({ one, rank: ranks.next().value as number }));
        shuffled.sort((a, b) => a.rank - b.rank);
        expect(
          resolvePolicy(
            of,
            shuffled.map(({ one }) => one),
          ),
        ).toEqual(resolvePolicy(of, list));
      }),
    );
  });

  test('one more that does not select the namespace, or can not be read, changes nothing', () => {
    fc.assert(
      fc.property(labels, policies, fc.boolean(), (of, list, readable) => {
        const unrelated = readable
          ? policy('unrelated', { namespaceSelector: { matchLabels: { team: 'nobody', env: 'nowhere', x: 'y' } } })
          : policy('unrelated', { signal: 'Both' as never });
        expect(resolvePolicy(of, [...list, unrelated])).toEqual(resolvePolicy(of, list));
      }),
    );
  });

  test('one less that does not win changes nothing', () => {
    fc.assert(
      fc.property(labels, policies, fc.nat(), (of, list, at) => {
        const result = resolvePolicy(of, list);
        const loser = list[at % Math.max(1, list.length)];
        fc.pre(loser !== undefined && loser.name !== result.name);
        expect(
          resolvePolicy(
            of,
            list.filter((one) => one !== loser),
          ),
        ).toEqual(result);
      }),
    );
  });
});
