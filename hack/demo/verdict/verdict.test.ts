import { describe, expect, test } from '@jest/globals';
import { anOutcome, DAY, GOOD_DAY, type Course, type Hours } from '../../../test/builders/demo.ts';
import { timeAt } from '../day/demo-day.ts';
import { disturbances } from './disturbances.ts';
import type { DemoOutcome } from './verdict.ts';
import { verdictOn } from './verdict.ts';

/** `about: claim` of what does not hold. */
function failures(outcome: DemoOutcome): readonly string[] {
  return verdictOn(outcome)
    .findings.filter(({ holds }) => !holds)
    .map(({ about, claim }) => `${about}: ${claim}`);
}

function changed(job: string, change: Partial<Course>): DemoOutcome {
  return anOutcome({ [job]: { ...(GOOD_DAY[job] as Course), ...change } });
}

test('a day on which everything went as it should holds in every point', () => {
  expect(failures(anOutcome())).toEqual([]);
  expect(verdictOn(anOutcome()).holds).toBe(true);
});

describe('the verdict sees that', () => {
  test.each<[string, string, Partial<Course>, string]>([
    ['a job did not move', 'evaluation', { site: 'warsaw' }, 'evaluation: all of its pods run in stockholm'],
    ['a job that could not wait waited', 'evaluation', { runs: [[7, 8.8]] }, 'evaluation: it starts at once'],
    [
      'a job that is due soon was late',
      'morning-report',
      { runs: [[4.2, 9]] },
      'morning-report: it is finished by 08:30',
    ],
    ['a job did not pause', 'embeddings', { runs: [[4.2, 9]] }, 'embeddings: its pods run in two stretches or more'],
    [
      'a job paused through the clean hours',
      'embeddings',
      {
        runs: [
          [6, 8],
          [8.2, 9],
          [9.2, 10],
          [10.2, 10.8],
          [15.8, 18],
        ],
      },
      'embeddings: power between its stretches is dirtier than in any of them',
    ],
    ['a job had one attempt only', 'embeddings', { attempts: 1 }, 'embeddings: its pods run in two stretches or more'],
    [
      'a job was not planned in pieces',
      'embeddings',
      { windows: 1 },
      'embeddings: it is planned in two windows or more',
    ],
    ['a job did not wait', 'fine-tune', { runs: [[4.2, 6]] }, 'fine-tune: it starts in the noon dip'],
    ['a job left its country', 'risk-model', { site: 'stockholm' }, 'risk-model: all of its pods run in warsaw'],
    [
      'a policy did not govern',
      'risk-model',
      { policy: 'demo-teams' },
      'risk-model: the policy of residency governs it',
    ],
    [
      'a second Job was made',
      'fine-tune',
      { jobUids: ['uid', 'again'] },
      'fine-tune: it runs once: one Job, and never more pods than it asks for',
    ],
    [
      'pods ran twice at once',
      'fine-tune',
      {
        runs: [
          [12, 13.8],
          [12.5, 14],
        ],
      },
      'fine-tune: it runs once: one Job, and never more pods than it asks for',
    ],
    ['a job never ran', 'fine-tune', { runs: [] }, 'fine-tune: its Job completes with 2 pods that succeed'],
    ['pods failed', 'fine-tune', { failed: true }, 'fine-tune: its Job completes with 2 pods that succeed'],
    [
      'work was done twice for no pause',
      'fine-tune',
      {
        runs: [
          [12, 13.8],
          [13.8, 15.6],
        ],
      },
      'fine-tune: its Job completes with 2 pods that succeed',
    ],
    [
      'a Job counted fewer pods than it asks for',
      'embeddings',
      { completions: 9 },
      'embeddings: its Job completes with 10 pods that succeed',
    ],
  ])('%s', (_, job, change, failure) => {
    expect(failures(changed(job, change))).toContain(failure);
  });

  test('more work was done again than a pause accounts for', () => {
    const { runs, ...rest } = GOOD_DAY['embeddings'] as Course;
    const again = (...more: readonly Hours[]): DemoOutcome =>
      changed('embeddings', { ...rest, runs: [...runs, ...more] });
    const unmet = 'embeddings: its Job completes with 10 pods that succeed';
    expect(failures(again([15.2, 15.8]))).not.toContain(unmet);
    expect(failures(again([15.2, 15.6], [15.6, 15.9]))).toContain(unmet);
  });

  test('a job that was to be refused ran', () => {
    const ran = failures(anOutcome({ prototype: { site: 'paris', runs: [[5, 6]] } }));
    expect(ran).toContain('prototype: it is refused with the reason TemplateRefused');
    expect(ran).toContain('prototype: no Job and no pod of it ever existed');
  });

  test('no node came', () => {
    expect(failures(anOutcome({}, { nodesOrdered: 0 }))).toEqual([
      'transcription: nodes came because its pods waited for them',
    ]);
  });

  test('the operator ended by itself, or was not killed when it should have been', () => {
    expect(failures(anOutcome({}, { operatorEnds: { killedAt: [], unexpected: 1 } }))).toEqual([
      'demo: the operator never ends',
    ]);
    expect(failures(anOutcome({}, { killsAsked: 1 }))).toEqual(['demo: the operator ends only where it is killed']);
  });

  test('all together emitted more than run-now', () => {
    const everywhere = Object.fromEntries(
      Object.entries(GOOD_DAY).map(([job, course]) => [job, { ...course, site: 'warsaw' }]),
    );
    expect(failures(anOutcome(everywhere))).toContain('demo: all jobs together emit less than run-now would have');
  });
});

describe('a kill of the operator', () => {
  const killedAt = (hour: number) => ({
    killsAsked: 1,
    operatorEnds: { killedAt: [timeAt(DAY, hour)], unexpected: 0 },
  });
  const late = { evaluation: { site: 'stockholm', runs: [[5.8, 7.6]] } } satisfies Partial<Record<string, Course>>;

  test('excuses what is late because of it', () => {
    expect(failures(anOutcome(late))).toContain('evaluation: it starts at once');
    expect(failures(anOutcome(late, killedAt(4.1)))).toEqual([]);
  });

  test('excuses nothing that was due long before or after it', () => {
    expect(failures(anOutcome(late, killedAt(8)))).toContain('evaluation: it starts at once');
    const unpaused = { embeddings: { ...(GOOD_DAY['embeddings'] as Course), runs: [[4.2, 9]] } } as const;
    expect(failures(anOutcome(unpaused, killedAt(8)))).toContain('embeddings: its pods run in two stretches or more');
  });

  test('never excuses a deadline, or a job that ran twice', () => {
    const twice = { 'fine-tune': { site: 'frankfurt', runs: [[19, 20]], jobUids: ['a', 'b'] } } as const;
    expect(failures(anOutcome(twice, killedAt(11)))).toEqual(
      expect.arrayContaining([
        'fine-tune: it is finished by 18:00',
        'fine-tune: it runs once: one Job, and never more pods than it asks for',
      ]),
    );
  });
});

describe('an outage of the provider', () => {
  const outage = { startsAt: timeAt(DAY, 10), endsAt: timeAt(DAY, 12), recoveredAt: timeAt(DAY, 12.4) };
  const during = (jobs: Parameters<typeof anOutcome>[0]): readonly string[] => {
    const course = { source: 'electricity-maps', outageAsked: true, outage } as const;
    return failures(anOutcome(jobs, { carbon: course })).filter((failure) => !failure.startsWith('demo: '));
  };

  test('excuses what is tied to its hours, and no more', () => {
    expect(during({ 'fine-tune': { site: 'frankfurt', runs: [[9, 10.8]] } })).toEqual([]);
    const unpaused = { ...(GOOD_DAY['embeddings'] as Course), runs: [[4.2, 9]] as const };
    expect(during({ embeddings: unpaused })).toContain('embeddings: its pods run in two stretches or more');
  });

  test('excuses all that is tied to hours where the typical day steps to another hour', () => {
    const day = { ...DAY, midnight: Date.parse('2026-11-22T10:59:00Z') };
    const [kill] = disturbances([7], undefined, day);
    expect(kill).toEqual({ startsAt: 7, endsAt: 10_007 });
    expect(
      disturbances([], { startsAt: timeAt(day, 5), endsAt: timeAt(day, 8), recoveredAt: timeAt(day, 9) }, day),
    ).toEqual([{ startsAt: day.midnight, endsAt: timeAt(day, 20) }]);
  });

  test('never excuses a deadline', () => {
    expect(during({ 'fine-tune': { site: 'frankfurt', runs: [[19, 20]] } })).toEqual([
      'fine-tune: it is finished by 18:00',
    ]);
  });
});

describe('grams', () => {
  test('are those of the pods: power of their GPUs x PUE x the intensity of their time', () => {
    const { evidence } = verdictOn(changed('evaluation', { runs: [[4, 6]] }));
    const evaluation = evidence.find(({ name }) => name === 'evaluation');
    // 16 H100 at 912 W, PUE 1.1, for 12 s at about 28.5 g/kWh.
    expect(evaluation?.grams).toBeCloseTo(16 * 0.912 * 1.1 * (12 / 3_600) * 28.5, 1);
    // The same work of 11 s in Warsaw from 04:00 on, PUE 1.3, at about 725 g/kWh.
    expect(evaluation?.runNowGrams).toBeCloseTo(16 * 0.912 * 1.3 * (11 / 3_600) * 724, 0);
  });

  test('of a job that paused are those of all of its stretches', () => {
    const once = verdictOn(changed('fine-tune', { runs: [[12, 13]] }));
    const twice = verdictOn(
      changed('fine-tune', {
        runs: [
          [12, 13],
          [20, 21],
        ],
      }),
    );
    const gramsOf = ({ evidence }: typeof once) => evidence.find(({ name }) => name === 'fine-tune')?.grams ?? NaN;
    expect(gramsOf(twice)).toBeGreaterThan(2 * gramsOf(once));
  });
});
