import { describe, expect, test } from '@jest/globals';
import { aHolding, anIdleHolding, aWaste, HELD_SINCE } from '../../../test/builders/holding.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import { MINUTE_MS, watts } from '../../domain/units.ts';
import type { EventNote, Regarding } from '../../ports/events.ts';
import { rateWords, WasteNotes } from './waste-notes.ts';

const T0 = HELD_SINCE;

/** What is told at each minute, about what is held then. */
function toldOf(looks: readonly (readonly [number, readonly Holding[]])[]) {
  const told: { regarding: Regarding; note: EventNote }[] = [];
  const notes = new WasteNotes({ record: (regarding, note) => told.push({ regarding, note }) }, 5 * MINUTE_MS);
  const perLook = looks.map(([minute, holdings]) => {
    told.length = 0;
    notes.tell(holdings, () => 'EUR', T0 + minute * MINUTE_MS);
    return told.map(({ note }) => note.reason);
  });
  return { perLook, told };
}

const working = aHolding();
const unknown = aHolding({ active: undefined, idleFor: undefined });
/** Nothing works, and has not for as long as the policy calls idle: as after a restart. */
const quiet = aHolding({ active: 0, idleFor: 3 * MINUTE_MS });
const underused = aHolding({ waste: aWaste({ class: 'Underused' }) });
const oversized = aHolding({ waste: aWaste({ class: 'Oversized' }) });

describe('a workload that wastes devices', () => {
  test('is told what it wastes, and what helps', () => {
    const { told } = toldOf([[0, [anIdleHolding()]]]);
    expect(told).toEqual([
      {
        regarding: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'train', namespace: 'research', uid: 'u' },
        },
        note: {
          type: 'Warning',
          reason: 'GPUsIdle',
          action: 'Assess',
          message: '8 H100 have done nothing for 40 min (3.1 kW, 12.00 EUR and 1.2 kg CO2e an hour). Delete the Job.',
        },
      },
    ]);
  });

  test('is told once, and again every hour while it lasts', () => {
    const looks = [0, 1, 59, 60, 61, 120].map((minute) => [minute, [anIdleHolding()]] as const);
    expect(toldOf(looks).perLook).toEqual([['GPUsIdle'], [], [], ['GPUsIdle'], [], ['GPUsIdle']]);
  });

  test('is told at once what else it wastes now', () => {
    expect(
      toldOf([
        [0, [anIdleHolding()]],
        [1, [underused]],
      ]).perLook,
    ).toEqual([['GPUsIdle'], ['GPUsUnderused']]);
  });

  test('is told that it does so no more, once that has been known for five minutes', () => {
    const { perLook } = toldOf([
      [0, [anIdleHolding()]],
      [1, [unknown]],
      [2, [working]],
      [6, [working]],
      [7, [working]],
      [8, [working]],
    ]);
    expect(perLook).toEqual([['GPUsIdle'], [], [], [], ['GPUsInUse'], []]);
  });

  test('is told nothing while it does so now and then', () => {
    const looks = Array.from({ length: 59 }, (_, k) => [k, [k % 4 === 0 ? anIdleHolding() : working]] as const);
    expect(toldOf(looks).perLook.flat()).toEqual(['GPUsIdle']);
  });

  test('is told nothing by what is not known meanwhile', () => {
    const { perLook } = toldOf([
      [0, [anIdleHolding()]],
      [1, [working]],
      [6, [unknown]],
      [7, [working]],
    ]);
    expect(perLook).toEqual([['GPUsIdle'], [], [], ['GPUsInUse']]);
  });

  test('is told anew when it does so again later', () => {
    const { perLook } = toldOf([
      [0, [anIdleHolding()]],
      [1, [working]],
      [6, [working]],
      [7, [anIdleHolding()]],
    ]);
    expect(perLook).toEqual([['GPUsIdle'], [], ['GPUsInUse'], ['GPUsIdle']]);
  });

  test('is not told that it is in use where nobody has seen it work', () => {
    const looks = Array.from({ length: 20 }, (_, k) => [k + 1, [quiet]] as const);
    expect(toldOf([[0, [anIdleHolding()]], ...looks]).perLook.flat()).toEqual(['GPUsIdle']);
    const between = toldOf([
      [0, [anIdleHolding()]],
      [1, [working]],
      [5, [quiet]],
      [6, [working]],
      [10, [working]],
      [11, [working]],
    ]);
    expect(between.perLook).toEqual([['GPUsIdle'], [], [], [], [], ['GPUsInUse']]);
  });

  test('of another kind is told again after an hour at the soonest, and never that it is over', () => {
    const looks = Array.from({ length: 130 }, (_, k) => [k, [k % 7 === 0 ? underused : working]] as const);
    const { perLook } = toldOf(looks);
    expect(perLook.flatMap((told, minute) => told.map((reason) => [minute, reason]))).toEqual([
      [0, 'GPUsUnderused'],
      [63, 'GPUsUnderused'],
      [126, 'GPUsUnderused'],
    ]);
  });

  test('in turns by one kind and another is told each once an hour', () => {
    const looks = Array.from({ length: 61 }, (_, k) => [k, [k % 2 === 0 ? underused : oversized]] as const);
    expect(toldOf(looks).perLook.flat()).toEqual(['GPUsUnderused', 'GPUsOversized', 'GPUsUnderused']);
  });

  test('that is gone is told nothing, nor is one that never wasted any', () => {
    expect(
      toldOf([
        [0, [anIdleHolding(), aHolding({ site: 'paris' })]],
        [1, [aHolding({ site: 'paris' })]],
        [7, [aHolding({ site: 'paris' })]],
      ]).perLook,
    ).toEqual([['GPUsIdle'], [], []]);
  });

  test('is told again where the clock was set back', () => {
    expect(
      toldOf([
        [600, [anIdleHolding()]],
        [0, [anIdleHolding()]],
      ]).perLook,
    ).toEqual([['GPUsIdle'], ['GPUsIdle']]);
    const backInUse = toldOf([
      [600, [anIdleHolding()]],
      [601, [working]],
      [0, [working]],
      [5, [working]],
    ]);
    expect(backInUse.perLook).toEqual([['GPUsIdle'], [], [], ['GPUsInUse']]);
  });
});

test('what is not known is left out of a rate', () => {
  expect(rateWords({ power: watts(420), moneyPerHour: 0, gramsPerHour: undefined }, 'EUR')).toBe('420 W');
  expect(rateWords({ power: watts(420), moneyPerHour: 0, gramsPerHour: 90 }, 'EUR')).toBe('420 W, 90 g CO2e an hour');
});
