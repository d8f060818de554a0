import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import type { ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import { Store } from '../../runtime/cache/store.ts';
import { siteRecordOf, type SiteRecord } from './site-record.ts';
import { siteTriggers, type SiteTriggers } from './triggers.ts';

const site = (name: string, spec: Partial<ComputeSiteSpec> = {}, generation = 1): SiteRecord =>
  siteRecordOf(aComputeSite(name, spec, { metadata: { generation } }));

const [NORTH, SOUTH, PAPER, ODD] = [
  site('north'),
  site('south', { region: 'south', zone: 'DE' }),
  site('paper', { cluster: { inventory: {} } }),
  site('odd', { pue: '0' }),
] as const;

function enqueuedBy(tell: (triggers: SiteTriggers) => unknown): readonly string[] {
  const sites = new Store<SiteRecord>();
  for (const record of [NORTH, SOUTH, PAPER, ODD]) sites.set(record.name, record);
  const names = new Set<string>();
  tell(siteTriggers(sites, (name) => names.add(name)));
  return [...names];
}

describe('looked at again', () => {
  test('is the site of a region whose inventory has changed', () => {
    expect(enqueuedBy((triggers) => triggers.regionChanged('north'))).toEqual(['north']);
  });

  test('is every site of a zone of which something else is known', () => {
    expect(enqueuedBy((triggers) => triggers.zoneChanged('SE-SE3'))).toEqual(['north', 'paper']);
  });

  test('is a site that comes or changes, with those that claim the same region', () => {
    const newcomer = site('new');
    expect(enqueuedBy((triggers) => triggers.siteChanged({ type: 'added', key: 'new', current: newcomer }))).toEqual([
      'new',
      'north',
    ]);
    const moved = site('new', { region: 'south' }, 2);
    const change = { type: 'updated', key: 'new', previous: newcomer, current: moved } as const;
    expect(enqueuedBy((triggers) => triggers.siteChanged(change))).toEqual(['new', 'north', 'south']);
  });

  test('is the next in line for the region of a site that goes', () => {
    const change = { type: 'deleted', key: 'old', previous: site('old') } as const;
    expect(enqueuedBy((triggers) => triggers.siteChanged(change))).toEqual(['old', 'north']);
  });

  test('is a site alone when only its status has changed', () => {
    const change = { type: 'updated', key: 'north', previous: NORTH, current: { ...NORTH } } as const;
    expect(enqueuedBy((triggers) => triggers.siteChanged(change))).toEqual(['north']);
  });
});

test('a plan depends on the specs of sites, not on what their status says', () => {
  const triggers = siteTriggers(new Store<SiteRecord>(), () => undefined);
  expect(triggers.siteChanged({ type: 'added', key: 'north', current: NORTH })).toBe(true);
  expect(triggers.siteChanged({ type: 'deleted', key: 'north', previous: NORTH })).toBe(true);
  const update = { type: 'updated', key: 'north', previous: NORTH } as const;
  expect(triggers.siteChanged({ ...update, current: { ...NORTH } })).toBe(false);
  expect(triggers.siteChanged({ ...update, current: { ...NORTH, generation: 2 } })).toBe(true);
});
