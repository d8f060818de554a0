import { afterEach, describe, expect, test } from '@jest/globals';
import { DemoProcess } from '../fixtures/demo-process.ts';

const RUN_LIMIT_MS = 180_000;

let demo: DemoProcess;

afterEach(() => demo.dispose());

describe('the demo on a control plane of its own', () => {
  test(
    'ends as it should though the operator is killed on the way, and leaves nothing behind',
    async () => {
      demo = await DemoProcess.start(['--speed', 'fast', '--kill-operator-at', '4']);
      const report = await demo.untilAllWasSo();
      expect(report.operator).toEqual({ kills: 1, unexpected: 0, killsAsked: 1 });
      expect(report.jobs.map(({ name, sites, jobs }) => [name, sites, jobs])).toEqual([
        ['evaluation', ['stockholm'], 1],
        ['morning-report', ['frankfurt'], 1],
        ['embeddings', ['frankfurt'], 1],
        ['transcription', ['paris'], 1],
        ['fine-tune', ['frankfurt'], 1],
        ['risk-model', ['warsaw'], 1],
        ['prototype', [], 0],
      ]);
      expect(report.totals.grams).toBeLessThan(0.7 * report.totals.runNowGrams);
      expect(await demo.leftBehind()).toEqual([]);
    },
    RUN_LIMIT_MS,
  );

  test('says what was planned and what happened, job by job', () => {
    const table = demo.output.slice(demo.output.indexOf('\nJOB '));
    for (const line of ['evaluation', 'embeddings', 'risk-model', 'all']) {
      expect(table).toMatch(new RegExp(`^${line} `, 'm'));
    }
    expect(table).toMatch(/^embeddings .*frankfurt .* in 2 .*yes$/m);
  });

  test.each([
    ['while it starts', 'creating nodes'],
    ['while jobs run', 'evaluation     Started'],
  ])(
    'leaves nothing behind when it is interrupted %s',
    async (_, printed) => {
      demo = await DemoProcess.start(['--speed', 'fast']);
      await demo.untilPrinted(printed);
      demo.interrupt();
      expect(await demo.exitCode()).toBe(130);
      expect(await demo.leftBehind()).toEqual([]);
    },
    RUN_LIMIT_MS,
  );
});
