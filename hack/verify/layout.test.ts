import { describe, expect, test } from '@jest/globals';

import { layoutFaults } from './layout.ts';

const files = (folder: string, count: number, ending: string): string[] =>
  Array.from({ length: count }, (_, index) => `${folder}/part-${index}${ending}`);

describe('the layout of files and folders', () => {
  test('a folder of 15 files and their tests is fine', () => {
    const paths = [...files('operator/planning', 15, '.ts'), ...files('operator/planning', 15, '.test.ts')];
    expect(layoutFaults(paths)).toEqual([]);
  });

  test('a folder of 16 files is refused', () => {
    expect(layoutFaults(files('operator/planning', 16, '.ts'))).toEqual([
      'operator/planning/ has 16 files, at most 15: split it by subject',
    ]);
  });

  test.each(['operator/planning/PlanCycle.ts', 'operator/planning/plan_cycle.ts', 'hack/ControlPlane/main.ts'])(
    '%s is not kebab-case',
    (path) => {
      expect(layoutFaults([path])).toEqual([`${path}: file and folder names are kebab-case`]);
    },
  );

  test('endings such as .generated.ts and .soak.test.ts are part of the house', () => {
    expect(layoutFaults(['operator/api/v1alpha1/job.generated.ts', 'test/e2e/faults.soak.test.ts'])).toEqual([]);
  });

  test('names that say nothing are refused', () => {
    expect(layoutFaults(['operator/runtime/queue-utils.ts'])).toEqual([
      expect.stringContaining('"utils" says nothing'),
    ]);
  });

  test('a barrel is refused, the door of an adapter is not', () => {
    const faults = layoutFaults(['operator/planning/index.ts', 'operator/adapters/carbon/file/index.ts']);
    expect(faults).toEqual([expect.stringMatching(/^operator\/planning\/index\.ts: no barrels/)]);
  });
});
