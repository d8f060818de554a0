import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSource } from '../../../operator/adapters/carbon/file/file-source.ts';
import { carbonSourceContract, type CarbonSourceUnderTest } from './contract.ts';

const WRITTEN_AT = Date.parse('2026-11-23T06:00:00Z');

const ROWS = [
  { zone: 'SE-SE3', start: '2026-11-23T08:00:00Z', length: '5s', gramsPerKWh: 20, estimated: false },
  { zone: 'DE', start: '2026-11-23T08:00:00Z', length: '1h', gramsPerKWh: 400, estimated: true },
  { zone: 'SE-SE3', start: '2026-11-23T08:00:05Z', length: '20m', gramsPerKWh: 30, estimated: true },
  { zone: 'SE-SE3', start: '2026-11-23T08:20:05Z', length: '24h', gramsPerKWh: 25.5, estimated: false },
];

async function fileWith(name: string, text: string): Promise<CarbonSourceUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'sunward-carbon-contract-'));
  const path = join(folder, name);
  await writeFile(path, text);
  await utimes(path, WRITTEN_AT / 1_000, WRITTEN_AT / 1_000);
  return {
    source: new FileSource({ path }),
    known: {
      zone: 'SE-SE3',
      signal: 'Average',
      interval: { startsAt: Date.parse('2026-11-23T08:00:00Z'), endsAt: Date.parse('2026-11-23T09:00:00Z') },
    },
    otherZones: ['DE'],
    unknownZone: 'XX-NOWHERE',
    missingSignal: 'Marginal',
    uncovered: { startsAt: Date.parse('2026-11-22T00:00:00Z'), endsAt: Date.parse('2026-11-23T08:00:00Z') },
    truth: { scope: 'Lifecycle', synthetic: true, estimated: [false, true, false], issuedBy: WRITTEN_AT },
    past: { noneBecause: 'a file does not tell what came from what was expected' },
    close: () => rm(folder, { recursive: true }),
  };
}

carbonSourceContract('a CSV file', () => {
  const lines = ROWS.map((row) => [row.zone, row.start, row.length, row.gramsPerKWh, row.estimated].join(','));
  return fileWith('intensity.csv', ['zone,start,length,gramsPerKWh,estimated', ...lines, ''].join('\n'));
});

carbonSourceContract('a JSON file', () => fileWith('intensity.json', JSON.stringify({ samples: ROWS })));
