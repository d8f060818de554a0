import { describe, expect, test } from '@jest/globals';
import { ACCELERATORS } from '../../operator/domain/accelerators/accelerator-power-data.ts';
import { acceleratorTable, problemsOfAccelerators, renderAccelerators } from './accelerators.ts';

describe('the table of accelerators', () => {
  const csv = 'name,type,tdp_watts\nT4,gpu,70\nOdd,gpu,\n';

  test('takes the published figure, or the judged one, in order of product', () => {
    const table = acceleratorTable(csv, [
      { product: 'Tesla-T4', published: 'T4' },
      { product: 'NVIDIA-A2', tdpWatts: 60, source: 'its data sheet' },
    ]);
    expect(table).toEqual([
      ['NVIDIA-A2', 60, 'its data sheet'],
      ['Tesla-T4', 70, 'mlco2/impact'],
    ]);
  });

  test.each(['V100', 'Odd'])('is not made while a product has no published figure: %s', (published) => {
    expect(() => acceleratorTable(csv, [{ product: 'x', published }])).toThrow(`tdp_watts for "${published}"`);
  });

  test('is written with a checksum, and with a page that shows what follows from the TDP', () => {
    const [data, page] = renderAccelerators([['Tesla-T4', 70, 'mlco2/impact']]);
    expect(data?.content).toMatch(/Rows sha256: [0-9a-f]{64}\n/);
    expect(data?.content).toContain('["Tesla-T4",70,"mlco2/impact"]');
    expect(page?.content).toContain('|`Tesla-T4`|70|91|42|mlco2/impact|');
    expect(page?.content).toContain('as 521 W busy and 238 W idle');
  });
});

describe('the committed table of accelerators', () => {
  test('shows no problem', () => {
    expect(problemsOfAccelerators(ACCELERATORS)).toEqual([]);
  });

  test.each([
    ['a product twice', [...ACCELERATORS, ...ACCELERATORS.slice(0, 1)], 'AMD_Instinct_MI100 is there twice'],
    ['an implausible figure', [...ACCELERATORS, ['x', 7_000_000, ''] as const], 'x: 7000000 W'],
    ['a missing product', ACCELERATORS.filter(([product]) => product !== 'Tesla-T4'), 'Tesla-T4 is not in the table'],
    ['a figure other than judged', [['NVIDIA-H200', 1, ''] as const], 'NVIDIA-H200 is not in the table as judged'],
    ['no rows', [], 'is empty'],
  ])('would show %s', (_, rows, problem) => {
    expect(problemsOfAccelerators(rows).join('\n')).toContain(problem);
  });
});
