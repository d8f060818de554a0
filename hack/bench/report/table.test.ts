import { describe, expect, test } from '@jest/globals';
import { ratioOf } from './figure.ts';
import { caseTable, numberShown } from './table.ts';

describe('the table of a case', () => {
  test('stands in columns, with the ratio where there is a reference', () => {
    const table = caseTable({
      name: 'cold-start',
      figures: [
        { id: 'cpuPerJob', label: 'CPU a job', value: 1.5, unit: 'ms', reference: 2 },
        { id: 'wall', label: 'wall time', value: 61.25, unit: 's', note: 'until all are planned' },
      ],
      breakdowns: [{ title: 'requests', counts: { 'get leases': 3, 'patch carbonawarejobs/status': 200 } }],
      findings: [{ claim: 'every job is planned', holds: true }],
    });

    expect(table).toBe(
      [
        'cold-start',
        '  figure     measured  reference  ratio',
        '  CPU a job   1.50 ms       2 ms   0.75',
        '  wall time    61.3 s                    until all are planned',
        '  requests',
        '    200  patch carbonawarejobs/status',
        '      3  get leases',
        '  holds   every job is planned',
      ].join('\n'),
    );
  });

  test('has the word for what the figures are held against', () => {
    const figures = [{ id: 'anew', label: 'anew', value: 3, unit: 's', reference: 2 }];
    expect(caseTable({ name: 'speed', figures, breakdowns: [], findings: [] }, 'limit')).toBe(
      ['speed', '  figure  measured  limit  ratio', '  anew         3 s    2 s   1.50'].join('\n'),
    );
  });

  test('cries out what does not hold', () => {
    const findings = [{ claim: 'no write without need', holds: false }];
    expect(caseTable({ name: 'new-forecast', figures: [], breakdowns: [], findings })).toContain(
      'BROKEN  no write without need',
    );
  });
});

describe('a number', () => {
  test.each([
    [0, '0'],
    [10_000, '10000'],
    [0.01234, '0.012'],
    [1.849, '1.85'],
    [14.24, '14.2'],
    [402.4, '402'],
  ])('%d is shown as %s', (value, text) => {
    expect(numberShown(value)).toBe(text);
  });

  test('has no ratio without a reference, or with one of 0', () => {
    const figure = { id: 'x', label: 'x', value: 3, unit: '' };
    expect(ratioOf(figure)).toBeUndefined();
    expect(ratioOf({ ...figure, reference: 0 })).toBeUndefined();
    expect(ratioOf({ ...figure, reference: 2 })).toBe(1.5);
  });
});
