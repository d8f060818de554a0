import { describe, expect, test } from '@jest/globals';
import { qualityRow, type Measured } from './quality-case.ts';
import { qualityTable } from './quality-table.ts';

const MEASURED: Measured = {
  ...{ id: '6', variant: '24 h', zone: 'DE', jobs: 40, baselineGrams: 200, planGrams: 150, boundGrams: 100 },
  ...{ publishedSavingPercent: 12.2, late: 0, restarts: 3, wallSeconds: 1.25 },
};

describe('a row', () => {
  test('has its saving in percent, and its score between the bound and run on arrival', () => {
    expect(qualityRow(MEASURED)).toMatchObject({ savingPercent: 25, score: 0.5 });
  });

  test('scores 0 where nothing could be saved and nothing was lost, and nothing where some was', () => {
    const flat = { ...MEASURED, boundGrams: 200 };
    expect(qualityRow({ ...flat, planGrams: 200 }).score).toBe(0);
    expect(qualityRow({ ...flat, planGrams: 201 }).score).toBeNull();
  });
});

test('the table of a case stands in columns, then what must hold, then the notes', () => {
  const rows = [
    MEASURED,
    { ...MEASURED, variant: '1 h', planGrams: 201, boundGrams: 200, publishedSavingPercent: null },
  ];
  const findings = [{ claim: 'nobody is late', holds: false }];
  const table = qualityTable(
    { id: '6', title: 'restarts' },
    { rows: rows.map(qualityRow), notes: ['A note.'], findings },
  );
  expect(table).toBe(
    [
      '6  restarts: saved against run on arrival',
      '  variant  zone  jobs  ours %  published %  bound %   score  late  restarts  wall s',
      '  24 h     DE      40   25.00        12.20    50.00  0.5000     0         3     1.3',
      '  1 h      DE      40   -0.50                  0.00   above     0         3     1.3',
      '  BROKEN  nobody is late',
      '  A note.',
    ].join('\n'),
  );
});
