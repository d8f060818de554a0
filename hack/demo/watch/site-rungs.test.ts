import { expect, test } from '@jest/globals';
import { anOutcome, onRung, siteNamed } from '../../../test/builders/demo.ts';
import { depthOf, rungOf } from './site-rungs.ts';

const paris = siteNamed('paris');

test('a site stands where its condition says, and nowhere before it says anything', () => {
  expect(rungOf(onRung(paris, 'CachedForecast', 'vendor'), 5)).toEqual({
    at: 5,
    rung: 'CachedForecast',
    source: 'vendor',
  });
  expect(rungOf(paris, 5)).toBeUndefined();
});

test('the ladder goes from a live forecast to the typical day, and what stands on no rung is below it', () => {
  const rungs = ['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay', 'Unavailable'];
  expect(rungs.map((rung) => depthOf({ rung }))).toEqual([0, 1, 2, 3, 4]);
});

test('the record has each step once, and tells of those to another rung', () => {
  const { record } = anOutcome();
  const start = record.rungs.get('paris')?.length ?? NaN;
  record.takeSite(onRung(paris, 'LiveForecast', 'file'), 10);
  record.takeSite(onRung(paris, 'LiveForecast', 'vendor'), 11);
  record.takeSite(onRung(paris, 'TypicalDay', 'typical-day'), 12);
  expect(record.allSitesAreLive).toBe(false);
  record.takeSite(onRung(paris, 'TypicalDay', 'typical-day'), 13);
  record.takeSite(onRung(paris, 'LiveForecast', 'vendor'), 14);
  expect(record.allSitesAreLive).toBe(true);
  expect(record.rungs.get('paris')?.slice(start)).toEqual([
    { at: 11, rung: 'LiveForecast', source: 'vendor' },
    { at: 12, rung: 'TypicalDay', source: 'typical-day' },
    { at: 14, rung: 'LiveForecast', source: 'vendor' },
  ]);
  expect(record.journal).toEqual([
    { at: 12, about: 'paris', text: 'goes down the ladder: LiveForecast → TypicalDay' },
    { at: 14, about: 'paris', text: 'goes up the ladder: TypicalDay → LiveForecast' },
  ]);
});
