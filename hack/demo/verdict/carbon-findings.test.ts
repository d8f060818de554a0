import { describe, expect, test } from '@jest/globals';
import { anOutcome, DAY, onRung } from '../../../test/builders/demo.ts';
import { timeAt } from '../day/demo-day.ts';
import type { Outage } from '../carbon/outage.ts';
import type { DemoOutcome } from './verdict.ts';
import { carbonFindings } from './carbon-findings.ts';

type Steps = readonly (readonly [hour: number, rung: string, source?: string])[];

const OUTAGE: Outage = { startsAt: timeAt(DAY, 6), endsAt: timeAt(DAY, 9), recoveredAt: timeAt(DAY, 10) };
const DOWN_AND_UP: Steps = [
  [6.2, 'CachedForecast'],
  [7, 'TypicalDay', 'typical-day'],
  [10, 'LiveForecast'],
];

/** A day on which every site went these ways, and Paris others where it says so. */
function aDay(steps: Steps, overrides: Partial<DemoOutcome['carbon']> & { paris?: Steps; killsAsked?: number } = {}) {
  const { paris = steps, killsAsked = 0, ...course } = overrides;
  const carbon = { source: 'electricity-maps', outageAsked: true, outage: OUTAGE, ...course } as const;
  const outcome = anOutcome({}, { carbon, killsAsked });
  for (const { name, manifest } of outcome.sites) {
    for (const [hour, rung, source = carbon.source] of name === 'paris' ? paris : steps) {
      outcome.record.takeSite(onRung(manifest, rung, source), timeAt(DAY, hour));
    }
  }
  return outcome;
}

function failures(outcome: DemoOutcome): readonly string[] {
  return carbonFindings(outcome.carbon, outcome).flatMap(({ claim, holds }) => (holds ? [] : [claim]));
}

describe('without an outage', () => {
  const undisturbed = { outageAsked: false, outage: undefined };

  test('every site has live forecasts from the source that was asked for', () => {
    expect(failures(aDay([], undisturbed))).toEqual([]);
  });

  test.each<[string, Steps]>([
    ['a lower rung', [[9, 'CachedForecast']]],
    ['another source', [[9, 'LiveForecast', 'file']]],
    ['no data at all', [[9, 'Unavailable']]],
  ])('%s for an hour is one too many', (_, steps) => {
    const paris = [...steps, [10, 'LiveForecast'] as const];
    expect(failures(aDay([], { ...undisturbed, paris }))).toEqual([
      'every site has live forecasts from electricity-maps all day',
    ]);
  });

  test('what was before the jobs came does not count', () => {
    const paris = [
      [3.1, 'TypicalDay'],
      [3.2, 'LiveForecast'],
    ] as const;
    expect(failures(aDay([], { ...undisturbed, paris }))).toEqual([]);
  });
});

describe('under an outage', () => {
  const DOWN = 'while electricity-maps is away every site goes down the ladder, 2 rungs or more';
  const UP = 'every site has a live forecast from electricity-maps again once it answers';

  test('every site goes down the ladder and comes back up', () => {
    expect(failures(aDay(DOWN_AND_UP))).toEqual([]);
  });

  test.each<[string, Steps, readonly string[]]>([
    ['did not notice', [], [DOWN]],
    [
      'went down one rung only',
      [
        [6.2, 'CachedForecast'],
        [10, 'LiveForecast'],
      ],
      [DOWN],
    ],
    ['stayed down', DOWN_AND_UP.slice(0, 2), [UP]],
    ['went down before it had to', [[5, 'CachedForecast'], [5.5, 'LiveForecast'], ...DOWN_AND_UP], [DOWN]],
    [
      'went up on the way',
      [
        [6.2, 'TypicalDay'],
        [7, 'CachedForecast'],
        [10, 'LiveForecast'],
      ],
      [DOWN],
    ],
  ])('it is seen that a site %s', (_, paris, failed) => {
    expect(failures(aDay(DOWN_AND_UP, { paris }))).toEqual(failed);
  });

  test('an operator that was killed may have forgotten its last forecast', () => {
    const down = [
      [6.2, 'TypicalDay'],
      [10, 'LiveForecast'],
    ] as const;
    expect(failures(aDay(down, { killsAsked: 1 }))).toEqual([]);
    expect(failures(aDay(down))).toEqual([DOWN]);
  });

  test('one that never was, or that no one recovered from, is no proof', () => {
    expect(failures(aDay(DOWN_AND_UP, { outage: undefined }))).toEqual([DOWN, UP]);
    expect(failures(aDay(DOWN_AND_UP, { outage: { ...OUTAGE, recoveredAt: undefined } }))).toEqual([UP]);
  });
});
