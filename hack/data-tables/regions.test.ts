import { describe, expect, test } from '@jest/globals';
import { REGIONS } from '../../operator/domain/regions/regions-data.ts';
import { problemsOfRegions, regionTable, renderRegions } from './regions.ts';

const csv = (...rows: readonly string[]) =>
  ['year,cloud-provider,cloud-region,cfe-region,em-zone-id,"location"', ...rows].join('\n');

const NONE = { corrections: [], additions: [] };
const chicago = { region: 'northcentralus', provider: 'Azure', zone: 'US-MIDA-PJM', because: 'Chicago' } as const;

describe('the table of regions', () => {
  test('takes the newest year that names a zone', () => {
    const published = csv(
      '2022,Google Cloud,europe-west3,,DE,"Frankfurt, Hesse"',
      '2023,Google Cloud,europe-west3,,DE,Frankfurt',
      '2024,Google Cloud,europe-west3,,,Frankfurt',
    );
    expect(regionTable(published, NONE)).toEqual([
      { region: 'europe-west3', provider: 'GCP', zone: 'DE', source: 'Green Software Foundation, 2023' },
    ]);
  });

  test('leaves out the shifted rows before 2021, other providers, and what is no region', () => {
    const published = csv(
      '2020,Google Cloud,europe-west3,,NL,Frankfurt',
      '2023,Other Cloud,x,,DE,x',
      '2023,Microsoft Azure,asiapacific,,ID,Indonesia',
    );
    expect(regionTable(published, NONE)).toEqual([]);
  });

  test('lays its own judgements over the published zones, with their reason', () => {
    const published = csv('2023,Microsoft Azure,northcentralus,,US-MIDW-MISO,Illinois');
    const uk = { region: 'uksouth', provider: 'Azure', zone: 'GB', because: 'London' } as const;
    expect(regionTable(published, { corrections: [chicago], additions: [uk] })).toEqual([
      { region: 'northcentralus', provider: 'Azure', zone: 'US-MIDA-PJM', source: 'location: Chicago' },
      { region: 'uksouth', provider: 'Azure', zone: 'GB', source: 'location: London' },
    ]);
  });

  test('is not made while a region is published with two zones and nobody judged', () => {
    const published = csv('2023,Microsoft Azure,northeurope,,IE,x', '2023,Microsoft Azure,northeurope,,FI,x');
    expect(() => regionTable(published, NONE)).toThrow('northeurope is published with several zones (IE, FI)');
  });

  test('is not made with a judgement that is no longer needed', () => {
    const published = csv('2025,Microsoft Azure,northcentralus,,US-MIDA-PJM,Illinois');
    expect(() => regionTable(published, { corrections: [chicago], additions: [] })).toThrow('is not needed');
    expect(() => regionTable(published, { corrections: [], additions: [chicago] })).toThrow('is not needed');
    expect(() => regionTable(csv(), { corrections: [chicago], additions: [] })).toThrow('is not needed');
  });

  test('is not made of a file without the wanted columns', () => {
    expect(() => regionTable('year,cloud-provider\n', NONE)).toThrow('no column "cloud-region"');
  });
});

describe('the committed table of regions', () => {
  const rows = REGIONS.map(([region, provider, zone, source]) => ({ region, provider, zone, source }));

  test('shows no problem', () => {
    expect(problemsOfRegions(rows)).toEqual([]);
  });

  test.each([
    ['a region twice', [...rows, ...rows.slice(0, 1)], 'region af-south-1 is there twice'],
    ['a zone that is none', [...rows, { region: 'x', zone: 'Sweden' }], '"Sweden" is not a grid zone'],
    ['a judgement that it leaves out', rows.filter((row) => row.region !== 'westus'), 'westus is judged'],
    ['no rows', [], 'is empty'],
  ])('would show %s', (_, changed, problem) => {
    expect(problemsOfRegions(changed).join('\n')).toContain(problem);
  });

  test('is written with a checksum, and with a page that says which zones have a typical day', () => {
    const [data, page] = renderRegions([
      { region: 'eu-central-1', provider: 'AWS', zone: 'DE', source: 'here' },
      { region: 'eu-west-1', provider: 'AWS', zone: 'IE', source: 'there' },
    ]);
    expect(data?.content).toMatch(/Rows sha256: [0-9a-f]{64}\n/);
    expect(data?.content).toContain('["eu-central-1","AWS","DE","here"]');
    expect(page?.content).toContain('Those zones are: `IE`.');
    expect(page?.content).toContain('|AWS|`eu-central-1`|`DE`|yes|here|');
  });
});
