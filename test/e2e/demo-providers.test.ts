import { afterEach, expect, test } from '@jest/globals';
import { DemoProcess, type DemoReport } from '../fixtures/demo-process.ts';

const RUN_LIMIT_MS = 180_000;

let demo: DemoProcess;

afterEach(() => demo.dispose());

/** Of each site, the rungs that it stood on while there were jobs. */
function rungsIn({ day, sites }: DemoReport): readonly (readonly string[])[] {
  const submittedAt = Date.parse(day.midnight) + 4 * 1_000 * day.hourSeconds;
  return sites.map(({ rungs }) => {
    const next = rungs.findIndex(({ at }) => Date.parse(at) > submittedAt);
    return rungs.slice((next < 0 ? rungs.length : next) - 1).map(({ rung }) => rung);
  });
}

async function expectAllHeld(): Promise<DemoReport> {
  const report = await demo.untilAllWasSo();
  expect(report.findings.filter(({ claim }) => claim.startsWith('it is finished by'))).toHaveLength(6);
  expect(report.jobs.map(({ jobs }) => jobs)).toEqual([1, 1, 1, 1, 1, 1, 0]);
  expect(await demo.leftBehind()).toEqual([]);
  return report;
}

test(
  'a provider that dies on the way takes every site down the ladder and back up, and every deadline is held',
  async () => {
    demo = await DemoProcess.start(['--speed', 'fast', '--carbon', 'electricity-maps', '--provider-outage', '8-25']);
    const report = await expectAllHeld();
    const downAndUp = ['LiveForecast', 'CachedForecast', 'TypicalDay', 'LiveForecast'];
    expect(rungsIn(report)).toEqual(report.sites.map(() => downAndUp));
    expect(demo.output).toMatch(/frankfurt +goes down the ladder: LiveForecast → CachedForecast/);
    expect(demo.output).toMatch(/frankfurt +goes up the ladder: TypicalDay → LiveForecast/);
  },
  RUN_LIMIT_MS,
);

test(
  'with the figures of another provider the day goes just as with those of a file',
  async () => {
    demo = await DemoProcess.start(['--speed', 'fast', '--carbon', 'uk-carbon-intensity']);
    const report = await expectAllHeld();
    expect(rungsIn(report)).toEqual(report.sites.map(() => ['LiveForecast']));
    expect(new Set(report.sites.map(({ rungs }) => rungs.at(-1)?.source))).toEqual(new Set(['uk-carbon-intensity']));
    expect(report.totals.grams).toBeLessThan(0.7 * report.totals.runNowGrams);
  },
  RUN_LIMIT_MS,
);
