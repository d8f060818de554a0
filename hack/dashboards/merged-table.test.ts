import { describe, expect, test } from '@jest/globals';
import type { PanelFile } from './dashboard-file.ts';
import { mergedTable } from './merged-table.ts';

const panel: PanelFile = {
  id: 1,
  type: 'table',
  title: 'Sites',
  gridPos: { x: 0, y: 0, w: 24, h: 8 },
  transformations: [
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: { site: 0, 'Value #A': 1, 'Value #B': 2, currency: 3 },
        renameByName: { site: 'Site', 'Value #A': 'GPUs', 'Value #B': 'Money' },
      },
    },
  ],
  options: { sortBy: [{ displayName: 'GPUs' }] },
};

const gpus = [
  { Time: 1, site: 'north', 'Value #A': 8 },
  { Time: 1, site: 'south', 'Value #A': 16 },
];

describe('the answers of a table', () => {
  test('are joined by what they have in common, named, and sorted with the largest first', () => {
    const money = [{ Time: 1, site: 'north', currency: 'EUR', 'Value #B': 2 }];
    expect(mergedTable([gpus, money], panel)).toEqual({
      columns: ['Site', 'GPUs', 'Money', 'currency'],
      rows: [
        ['south', 16, '', ''],
        ['north', 8, 2, 'EUR'],
      ],
    });
  });

  test('are joined also where one of them is empty', () => {
    const none = mergedTable([gpus, []], panel).rows;
    expect(none).toEqual([
      ['south', 16, '', ''],
      ['north', 8, '', ''],
    ]);
    const power = [{ Time: 1, site: 'south', 'Value #B': 7 }];
    expect(mergedTable([gpus, [], power], panel).rows).toContainEqual(['south', 16, 7, '']);
  });

  test('have a row for each of two that differ', () => {
    const money = ['EUR', 'USD'].map((currency) => ({ Time: 1, site: 'north', currency, 'Value #B': 2 }));
    expect(mergedTable([gpus, money], panel).rows).toEqual([
      ['south', 16, '', ''],
      ['north', 8, 2, 'EUR'],
      ['north', '', 2, 'USD'],
    ]);
  });
});
