import { expect, jest, test } from '@jest/globals';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, H100, MIDNIGHT } from '../../../../test/builders/planning.ts';
import type { SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { lengthHistoriesOf } from './finished-jobs.ts';

const FINISHED = aJobRecord({
  status: {
    conditions: [aCondition('Complete')],
    attempts: [
      {
        ...{ number: 1, site: 'north', accelerator: H100, job: 'train', runSeconds: 7_200 },
        ...{ startedAt: formatTime(MIDNIGHT), endedAt: formatTime(atHour(2)) },
      },
    ],
  },
});

test('lengths are worked out once a home, and only for a home that asks', () => {
  const observed = jest.fn<SlowdownHistory['observed']>(() => []);
  const histories = lengthHistoriesOf([FINISHED, FINISHED], { observed });
  expect(observed).not.toHaveBeenCalled();
  const history = histories.at('north');
  expect(histories.at('north')).toBe(history);
  expect(observed.mock.calls).toEqual([
    [FINISHED.identity, 'north'],
    [FINISHED.identity, 'north'],
  ]);
  expect(histories.at('south')).not.toBe(history);
  expect(observed).toHaveBeenCalledWith(FINISHED.identity, 'south');
  expect(histories.at(undefined)).toBe(histories.at(undefined));
  expect(observed).toHaveBeenCalledTimes(6);
});
