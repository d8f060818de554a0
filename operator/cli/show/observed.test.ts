import { expect, test } from '@jest/globals';
import { anObservation } from '../../../test/builders/slowdown.ts';
import { observedData } from './data.ts';
import { observedShown } from './observed.ts';

const siteOf = ({ site }: { readonly site: string }): string => site;

test('what was measured is one line, what differs most first', () => {
  const observedSlowdowns = [
    anObservation({ site: 'a', share: 0.05, runs: 3 }),
    anObservation({ site: 'b', share: -0.2, runs: 9 }),
    anObservation({ site: 'c', share: 0.004 }),
  ];
  expect(observedShown({ observedSlowdowns }, siteOf)).toBe(
    'jobs like it took 20 % less at b (9 runs), 5 % longer at a (3 runs), against home (30 runs)',
  );
});

test('of many the first four are shown, and how many more there are', () => {
  const observedSlowdowns = [1, 2, 3, 4, 5, 6].map((k) => anObservation({ site: `s${String(k)}`, share: k / 10 }));
  expect(observedShown({ observedSlowdowns }, siteOf)).toMatch(/^jobs like it took 60 % longer at s6 .* and 2 more, /);
});

test('nothing is shown where nothing is known, or nothing differs', () => {
  expect(observedShown({}, siteOf)).toBeUndefined();
  expect(observedShown({ observedSlowdowns: [anObservation({ share: 0.001 })] }, siteOf)).toBeUndefined();
  expect(observedData({})).toEqual({});
});

test('programs read all of it', () => {
  const observation = anObservation({ product: 'A100', share: 0.2, certainShare: 0.15 });
  expect(observedData({ observedSlowdowns: [observation] })).toEqual({
    observedSlowdowns: [
      {
        ...{ site: 'away', accelerator: 'A100', slowdownPercent: 20, certainSlowdownPercent: 15, runs: 12 },
        comparedWith: { site: 'home', accelerator: 'A100', runs: 30 },
      },
    ],
  });
});
