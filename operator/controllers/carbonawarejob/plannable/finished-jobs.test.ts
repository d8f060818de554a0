import { describe, expect, jest, test } from '@jest/globals';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, H100, hours, MIDNIGHT } from '../../../../test/builders/planning.ts';
import type { LengthHistory } from '../../../accounting/length-history/length-history.ts';
import { NOTHING_OBSERVED } from '../../../accounting/slowdown/slowdown-history.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import type { JobRecord } from '../job-record.ts';
import { slowdownHistoryOf } from '../slowdown/site-runs.ts';
import { lengthHistoryOf, rememberedLengths } from './finished-jobs.ts';

function finished(name: string, site: string, lasted: number): JobRecord {
  const attempt = { number: 1, site, accelerator: H100, job: name, startedAt: formatTime(MIDNIGHT) };
  return aJobRecord({
    metadata: { name, uid: name },
    status: {
      conditions: [aCondition('Complete')],
      attempts: [{ ...attempt, endedAt: formatTime(atHour(lasted)), runSeconds: lasted * 3_600 }],
    },
  });
}

const WAITING = aJobRecord();
const WAIT = hours(6);

test('what jobs took is looked up once for all homes that nobody knows, however many users name', () => {
  const names = ['a', 'b', 'c'];
  const records = [...names.map((k) => finished(k, 'north', 2)), ...names.map((k) => finished(`${k}2`, 'south', 3))];
  const slowdowns = slowdownHistoryOf(records);
  const observedFrom = jest.spyOn(slowdowns.knownPlaces(WAITING.identity), 'observedFrom');
  const history = lengthHistoryOf(records, slowdowns);
  const beliefAt = (home?: string) => history.beliefOf(WAITING.identity, WAIT, home);
  expect(observedFrom).not.toHaveBeenCalled();
  const usual = beliefAt();
  expect(observedFrom).toHaveBeenCalledTimes(records.length);
  for (let k = 0; k < 200; k++) expect(beliefAt(`invented-${String(k)}`)).toEqual(usual);
  expect(observedFrom).toHaveBeenCalledTimes(records.length);
  expect(beliefAt('south')).not.toEqual(usual);
});

describe('remembered lengths', () => {
  const [first, second] = [finished('a', 'north', 2), finished('b', 'north', 3)];
  const runsOf = (history: LengthHistory) => history.beliefOf(WAITING.identity, WAIT).learntFrom?.runs;

  test('are the same while the same jobs have finished, whatever becomes of others', () => {
    const lengths = rememberedLengths();
    const before = lengths([first, WAITING], NOTHING_OBSERVED);
    expect(runsOf(before)).toBe(1);
    expect(lengths([first], NOTHING_OBSERVED)).toBe(before);
    expect(lengths([{ ...WAITING }, first, { ...WAITING }], NOTHING_OBSERVED)).toBe(before);
  });

  test('are others where a job has finished, is gone, or has become another', () => {
    const lengths = rememberedLengths();
    expect(runsOf(lengths([first], NOTHING_OBSERVED))).toBe(1);
    const both = lengths([first, second], NOTHING_OBSERVED);
    expect(runsOf(both)).toBe(2);
    expect(lengths([first, { ...second }], NOTHING_OBSERVED)).not.toBe(both);
    expect(runsOf(lengths([second], NOTHING_OBSERVED))).toBe(1);
    expect(runsOf(lengths([], NOTHING_OBSERVED))).toBeUndefined();
  });

  test('are others where the slowdowns are', () => {
    const lengths = rememberedLengths();
    const before = lengths([first], NOTHING_OBSERVED);
    expect(lengths([first], slowdownHistoryOf([first]))).not.toBe(before);
  });
});
