import { describe, expect, test } from '@jest/globals';
import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { aCondition } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour } from '../../../../test/builders/planning.ts';
import { changeNotes } from './change-notes.ts';
import { changedMaterially } from './material.ts';

const tolerance = { slot: 5 * MINUTE_MS, finish: 30 * MINUTE_MS };
const plan = (shift = 0) => ({
  site: 'north',
  starts: formatTime(atHour(6) + shift),
  windows: [{ start: formatTime(atHour(6) + shift), end: formatTime(atHour(8) + shift) }],
  expected: { finish: formatTime(atHour(8) + shift) },
  saves: '40%',
  message: 'half the carbon',
});
const there = (shift = 0) => ({
  site: 'south',
  windows: [{ start: formatTime(atHour(10) + shift), end: formatTime(atHour(12)) }],
});
const aStatus = (overrides: CarbonAwareJobStatus = {}): CarbonAwareJobStatus => ({
  phase: 'Waiting',
  observedGeneration: 1,
  conditions: [aCondition('Planned', { reason: 'BetterSite' })],
  plan: plan(),
  ...overrides,
});
const writes = (after: CarbonAwareJobStatus): boolean => changedMaterially(aStatus(), after, tolerance);

describe('a status is written', () => {
  test.each<[string, CarbonAwareJobStatus]>([
    ['the site changes', { plan: { ...plan(), site: 'south' } }],
    ['a start moves by more than a slot', { plan: plan(6 * MINUTE_MS) }],
    ['the saving moves by 5 points', { plan: { ...plan(), saves: '45%' } }],
    ['the saving is no longer known', { plan: (({ saves: _, ...rest }) => rest)(plan()) }],
    ['its grams count something else', { plan: { ...plan(), scope: 'Direct' } }],
    [
      'the grams of the baseline count something else',
      { plan: { ...plan(), baseline: { site: 'home', scope: 'Direct' } } },
    ],
    [
      'the grams of the baseline rest on something else',
      { plan: { ...plan(), baseline: { site: 'home', rung: 'TypicalDay' } } },
    ],
    ['another window comes', { plan: { ...plan(), windows: [...plan().windows, ...plan().windows] } }],
    ['it is to go on elsewhere', { plan: { ...plan(), moves: [there()] } }],
    ['the finish moves far', { plan: { ...plan(), expected: { finish: formatTime(atHour(9)) } } }],
    ['a condition flips', { conditions: [aCondition('Planned', { status: 'False', reason: 'BetterSite' })] }],
    ['a reason changes', { conditions: [aCondition('Planned', { reason: 'BetterWindow' })] }],
    ['an attempt begins', { attempts: [{ number: 1, site: 'north', job: 'train', startedAt: formatTime(0) }] }],
    ['the spec changes', { observedGeneration: 2 }],
    ['the phase changes', { phase: 'Running' }],
    ['another policy governs', { policy: 'everyone' }],
  ])('when %s', (_, change) => {
    expect(writes(aStatus(change))).toBe(true);
  });

  test.each<[string, CarbonAwareJobStatus]>([
    ['nothing changed', {}],
    ['a start moves by a slot', { plan: plan(5 * MINUTE_MS) }],
    ['the saving moves by 4 points', { plan: { ...plan(), saves: '44%' } }],
    ['words change', { plan: { ...plan(), message: 'now 501 g' } }],
    [
      'the words of a condition change',
      { conditions: [aCondition('Planned', { reason: 'BetterSite', message: 'x' })] },
    ],
    ['alternatives change', { alternatives: [{ site: 'south', reason: 'MoreCarbon' }] }],
  ])('but not when %s', (_, change) => {
    expect(writes(aStatus(change))).toBe(false);
  });
});

test('a move is written again where it changes by more than a slot, its site or its accelerator', () => {
  const before = aStatus({ plan: { ...plan(), moves: [there()] } });
  const isWritten = (move: object): boolean =>
    changedMaterially(before, aStatus({ plan: { ...plan(), moves: [{ ...there(), ...move }] } }), tolerance);
  expect(isWritten({})).toBe(false);
  expect(isWritten(there(tolerance.slot))).toBe(false);
  expect(isWritten(there(2 * tolerance.slot))).toBe(true);
  expect(isWritten({ site: 'west' })).toBe(true);
  expect(isWritten({ accelerator: 'A100' })).toBe(true);
});

describe('people are told', () => {
  const told = (before: CarbonAwareJobStatus, after: CarbonAwareJobStatus): readonly string[] =>
    changeNotes(before, after, tolerance.slot).map(({ reason, message }) => `${reason}: ${message}`);

  test('of the first plan, and of another one', () => {
    expect(told({}, aStatus())).toEqual(['Planned: north from 2026-06-01T06:00:00Z, saves 40%: half the carbon']);
    expect(told(aStatus(), aStatus({ plan: plan(HOUR_MS) }))).toEqual([
      'Replanned: north from 2026-06-01T07:00:00Z, saves 40%: half the carbon',
    ]);
    expect(told(aStatus(), aStatus())).toEqual([]);
  });

  test('of no more than a change of mind: an estimate that moves, or a window that is over, is none', () => {
    const [first] = plan().windows;
    const second = { start: formatTime(atHour(10)), end: formatTime(atHour(12)) };
    const inTwo = { ...plan(), windows: [first, second] as never };
    const estimate = { ...inTwo, saves: '20%', expected: { finish: formatTime(atHour(13)) } };
    expect(told(aStatus({ plan: inTwo }), aStatus({ plan: estimate }))).toEqual([]);
    expect(told(aStatus({ plan: inTwo }), aStatus({ plan: { ...inTwo, windows: [second] } }))).toEqual([]);
    expect(told(aStatus({ plan: inTwo }), aStatus({ plan: plan() }))).toHaveLength(1);
    expect(told(aStatus({ plan: plan() }), aStatus({ plan: inTwo }))).toHaveLength(1);
  });

  test('of a change of where it goes on, but not of the move that was planned and has come', () => {
    const moves = { ...plan(), moves: [there()] };
    const slotLater = { ...plan(), moves: [there(tolerance.slot)] };
    expect(told(aStatus({ plan: moves }), aStatus({ plan: { ...plan(), ...there() } }))).toEqual([]);
    expect(told(aStatus({ plan: moves }), aStatus({ plan: slotLater }))).toEqual([]);
    expect(told(aStatus(), aStatus({ plan: moves }))).toHaveLength(1);
    expect(told(aStatus({ plan: moves }), aStatus())).toHaveLength(1);
    const elsewhere = { ...plan(), moves: [{ ...there(), site: 'west' }] };
    expect(told(aStatus({ plan: moves }), aStatus({ plan: elsewhere }))).toHaveLength(1);
  });

  test('of a start, which comes with an event of its own, not as of another plan', () => {
    const attempts = [{ number: 1, site: 'north', job: 'train', startedAt: plan(HOUR_MS).starts }];
    expect(told(aStatus(), aStatus({ plan: plan(HOUR_MS), attempts }))).toEqual([]);
  });

  test('of a refusal in its words', () => {
    const refused = aCondition('Accepted', { status: 'False', reason: 'TemplateRefused', message: 'no image' });
    expect(told({}, { conditions: [refused] })).toEqual(['Refused: TemplateRefused: no image']);
  });

  test('of the end, once', () => {
    const done = aStatus({ conditions: [aCondition('Planned'), aCondition('Complete', { message: 'Reached 1' })] });
    expect(told(aStatus(), done)).toEqual(['Completed: Complete: Reached 1']);
    expect(told(done, done)).toEqual([]);
  });

  test('of a deadline at risk, and not of one that holds', () => {
    const conditions = [aCondition('Planned'), aCondition('DeadlineAtRisk', { message: 'late' })];
    expect(told(aStatus(), aStatus({ conditions }))).toEqual(['DeadlineAtRisk: DeadlineAtRisk: late']);
    const holds = [aCondition('Planned'), aCondition('DeadlineAtRisk', { status: 'False' })];
    expect(told(aStatus(), aStatus({ conditions: holds }))).toEqual([]);
  });
});
