import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anOutcome, DAY } from '../../../test/builders/demo.ts';
import { timeAt } from '../day/demo-day.ts';
import { frame } from './frame.ts';
import { textOf, widthOf } from './line.ts';
import { viewOf } from './view-of.ts';

const outcome = anOutcome();
for (let i = 0; i < 40; i++)
  outcome.record.note(timeAt(DAY, 5), 'demo', `event ${i} at ${new Date(timeAt(DAY, 6)).toISOString()}`);
const view = viewOf(outcome.record, outcome, timeAt(DAY, 9));

describe('the live view', () => {
  test('never is wider or higher than the terminal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 250 }), fc.integer({ min: 2, max: 80 }), (columns, rows) => {
        const lines = frame(view, { columns, rows });
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 30 },
    );
  });

  test('has a row a site and a row a job, their strips one below the other', () => {
    const lines = frame(view, { columns: 100, rows: 60 }).map(textOf);
    const start = lines.find((line) => line.startsWith('SITE'))?.indexOf('04') ?? -1;
    expect(start).toBeGreaterThan(0);
    for (const name of ['stockholm', 'frankfurt', 'warsaw', 'paris']) {
      expect(lines.find((line) => line.startsWith(name))?.slice(start)).toMatch(/^[▁▂▃▄▅▆▇█]+$/);
    }
    for (const name of ['evaluation', 'morning-report', 'embeddings', 'transcription', 'fine-tune', 'risk-model']) {
      expect(lines.find((line) => line.startsWith(name))?.slice(start)).toMatch(/^[·█░◆│]+$/);
    }
  });

  test('tells what each job shows where there is room', () => {
    const wide = frame(view, { columns: 140, rows: 60 }).map(textOf);
    const narrow = frame(view, { columns: 100, rows: 60 }).map(textOf);
    expect(wide.find((line) => line.startsWith('fine-tune'))).toContain('waits for the noon sun');
    expect(narrow.find((line) => line.startsWith('fine-tune'))).not.toContain('waits for the noon sun');
  });

  test('shows the last events that there is room for, with times of the day', () => {
    const lines = frame(view, { columns: 100, rows: 24 }).map(textOf);
    expect(lines.at(-1)?.trimEnd()).toBe('05:00 demo           event 39 at 06:00');
    expect(lines.join('\n')).not.toContain('event 0 ');
  });

  test('shows of a job that was refused no plan', () => {
    const line = frame(view, { columns: 100, rows: 60 })
      .map(textOf)
      .find((each) => each.startsWith('prototype'));
    expect(line).toMatch(/^prototype +Refused +[·│]+$/);
  });

  test('counts the GPUs that pods hold', () => {
    const now = timeAt(DAY, 12.5);
    const busy = anOutcome({ 'fine-tune': { site: 'frankfurt', runs: [] } });
    const facts = { uid: 'u', name: 'p', namespace: 'n', job: 'fine-tune', jobUid: 'j', gpus: 8, phase: 'Running' };
    const there = { node: 'sunward-demo-frankfurt-0-0', startedAt: now, endedAt: undefined };
    busy.record.takePod({ ...facts, ...there, unschedulable: false, region: undefined }, now);
    expect(viewOf(busy.record, busy, now).sites.find(({ name }) => name === 'frankfurt')).toMatchObject({ held: 8 });
  });
});
