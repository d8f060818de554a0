import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import type { ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import type { SiteInventory } from '../inventory/site-inventory.ts';
import { judgeSite, lacksCapacity, type SiteRefusal } from './judge-site.ts';
import { siteRecordOf, type SiteRecord } from './site-record.ts';

const site = (name: string, spec: Partial<ComputeSiteSpec> = {}, createdAt = '2026-06-01T00:00:00Z'): SiteRecord =>
  siteRecordOf(aComputeSite(name, spec, { metadata: { creationTimestamp: createdAt } }));

const withoutZone = (region: string): SiteRecord => {
  const { zone: _, ...spec } = aComputeSite('s').spec;
  return siteRecordOf({ ...aComputeSite('s'), spec: { ...spec, region } });
};

function refusalOf(record: SiteRecord, others: readonly SiteRecord[] = []): SiteRefusal | undefined {
  const judgement = judgeSite(record, [record, ...others]);
  return judgement.ok ? undefined : judgement.refusal;
}

describe('the grid zone of a site', () => {
  test('is the one that it names', () => {
    expect(judgeSite(site('s'), [])).toMatchObject({ ok: true, standing: { zone: 'SE-SE3' } });
  });

  test('is found from a known region of a cloud', () => {
    expect(judgeSite(withoutZone('eu-central-1'), [])).toMatchObject({ ok: true, standing: { zone: 'DE' } });
  });

  test('is never guessed: an unknown region is refused, with the remedy', () => {
    expect(refusalOf(withoutZone('basement'))).toEqual({
      reason: 'ZoneUnknown',
      message: 'the grid zone of region "basement" is not known: set spec.zone, e.g. SE-SE3 or DE',
    });
  });
});

describe('of two sites of one region', () => {
  const old = site('z', {}, '2026-06-01T00:00:00Z');
  const young = site('a', {}, '2026-06-02T00:00:00Z');

  test('the older keeps it, and the other says whose it is', () => {
    expect(refusalOf(old, [young])).toBeUndefined();
    expect(refusalOf(young, [old])).toEqual({
      reason: 'RegionTaken',
      message: 'region north belongs to the older ComputeSite z: delete one of the two, or correct spec.region',
      zone: 'SE-SE3',
    });
  });

  test('of the same age the first by name keeps it', () => {
    expect(refusalOf(site('a'), [site('b')])).toBeUndefined();
    expect(refusalOf(site('b'), [site('a')])?.reason).toBe('RegionTaken');
  });

  test('of three the two younger ones name the oldest', () => {
    const youngest = site('0', {}, '2026-06-03T00:00:00Z');
    expect(refusalOf(youngest, [young, old])?.message).toContain('ComputeSite z');
  });

  test('one on paper, in another region, or that can not be read stands in nobody’s way', () => {
    const others = [
      site('0', { cluster: { inventory: {} } }, '2020-01-01T00:00:00Z'),
      site('1', { region: 'south' }, '2020-01-01T00:00:00Z'),
      site('2', { pue: '0.5' }, '2020-01-01T00:00:00Z'),
    ];
    expect(refusalOf(young, others)).toBeUndefined();
  });

  test('one on paper is never refused for its region', () => {
    expect(refusalOf(site('paper', { cluster: { inventory: {} } }), [old])).toBeUndefined();
  });
});

test('a site that can not be read names every field', () => {
  const refusal = refusalOf(site('s', { pue: '0.5', prices: { electricityPerKWh: '-1' } }));
  expect(refusal?.reason).toBe('InvalidSpec');
  expect(refusal?.message).toMatch(/spec\.pue: .*spec\.prices\.electricityPerKWh: /);
});

describe('a site lacks capacity', () => {
  const inventory: SiteInventory = { pools: [], allocated: new Map(), nodes: 0, allNodes: 0, partial: undefined };
  const judged = (spec: Partial<ComputeSiteSpec> = {}) => {
    const judgement = judgeSite(site('s', spec), []);
    if (!judgement.ok) throw new Error(judgement.refusal.message);
    return judgement.standing;
  };

  test('when no node has its region', () => {
    expect(lacksCapacity(judged(), inventory)).toEqual({
      reason: 'NoNodes',
      message:
        'no node has the label topology.kubernetes.io/region=north: label the nodes, correct spec.region, ' +
        'or write into spec.accelerators what can be provisioned',
    });
  });

  test('when none of its nodes accepts work', () => {
    expect(lacksCapacity(judged(), { ...inventory, allNodes: 3 })?.message).toMatch(
      /^none of the 3 nodes of region north accepts work: uncordon them/,
    );
  });

  test('not with a node without accelerators, nor when it can provision, nor on paper', () => {
    expect(lacksCapacity(judged(), { ...inventory, nodes: 1, allNodes: 1 })).toBeUndefined();
    const pool = { capacity: 0, maxCapacity: 8 } as SiteInventory['pools'][number];
    expect(lacksCapacity(judged(), { ...inventory, pools: [pool] })).toBeUndefined();
    expect(lacksCapacity(judged({ cluster: { inventory: {} } }), inventory)).toBeUndefined();
  });
});
