import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aTerminal } from '../../../test/builders/terminal.ts';
import { simulate } from '../../../operator/cli/simulate/simulate.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import { restartEnergy } from './cases/restart-energy.ts';
import { DataFolder } from './data/folder.ts';

const FROM = Date.UTC(2031, 0, 1);
const HOURS = 200;
const STRIDE = 7;
const [WORK, SLACK] = [24, 24];

/** Clean at noon and in some winds: no two days are alike. */
const FIGURES = Array.from({ length: HOURS }, (_, hour) =>
  Math.round(300 + 120 * Math.cos((2 * Math.PI * hour) / 24) + 80 * Math.sin(hour / 11)),
);
const timeAt = (hour: number): string => new Date(FROM + hour * HOUR_MS).toISOString();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-simulate-'));
  await mkdir(join(folder, 'intensity_2022_hourly'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('the command line tells of a scenario what the benchmark of the same jobs measures', async () => {
  const wide = ['hour_utc,DE', ...FIGURES.map((figure, hour) => `${timeAt(hour)},${String(figure)}`)];
  await writeFile(join(folder, 'intensity_2022_hourly/zones.csv'), wide.join('\n'));
  const session = { progress: () => undefined, abort: new AbortController().signal, stride: STRIDE };
  const { rows } = await restartEnergy.run(new DataFolder(folder), session);
  const row = rows.find(({ variant }) => variant === '24 h, slack 24 h, 1 h a restart');

  const arrivals = Array.from({ length: HOURS - WORK - SLACK + 1 }, (_, hour) => hour).filter(
    (hour) => hour % STRIDE === 0,
  );
  const long = FIGURES.map((figure, hour) => `DE,${timeAt(hour)},1h,${String(figure)}`);
  await writeFile(join(folder, 'intensity.csv'), ['zone,start,length,gramsPerKWh', ...long].join('\n'));
  await writeFile(
    join(folder, 'jobs.csv'),
    [
      'arrival,expectedDuration,maxDelay,watts,restartOverhead,minimumRun,maxPauses',
      ...arrivals.map(
        (hour) => `${timeAt(hour).replace('.000', '')},${String(WORK)}h,${String(SLACK)}h,1000,1h,0s,${String(WORK)}`,
      ),
    ].join('\n'),
  );
  const scenario = {
    ...{ slot: '1h', objective: 'Carbon', intensity: 'intensity.csv', jobs: 'jobs.csv', home: 'DE' },
    sites: [{ name: 'DE', spec: { region: 'DE', zone: 'DE', pue: '1' } }],
  };
  await writeFile(join(folder, 'scenario.yaml'), JSON.stringify(scenario));
  const { data } = await simulate({ scenario: join(folder, 'scenario.yaml') }, aTerminal(0));

  expect(row).toBeDefined();
  const { totals } = data as { totals: Record<'runOnArrival' | 'ours' | 'bound', { carbonGrams: number }> };
  expect(totals).toMatchObject({
    ...{ jobs: row?.jobs, late: row?.late, restarts: row?.restarts },
    ours: { savingPercent: expect.closeTo(row?.savingPercent ?? NaN, 6) },
    score: expect.closeTo(row?.score ?? NaN, 6),
  });
  expect(row?.restarts).toBeGreaterThan(10);
  expect(totals.runOnArrival.carbonGrams).toBeCloseTo(row?.baselineGrams ?? NaN, 2);
  expect(totals.ours.carbonGrams).toBeCloseTo(row?.planGrams ?? NaN, 2);
  expect(totals.bound.carbonGrams).toBeCloseTo(row?.boundGrams ?? NaN, 2);
});
