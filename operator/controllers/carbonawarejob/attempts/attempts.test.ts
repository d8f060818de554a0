import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { anAttempt } from '../../../../test/builders/job-view.ts';
import { atHour, H100 } from '../../../../test/builders/planning.ts';
import { closed, openAttempt, pausesIn, readAttempt, withoutOpen, writeAttempt } from './attempts.ts';
import { avoidances } from './avoidances.ts';

const ended = (reason: string, overrides = {}) => anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason, ...overrides });

describe('the attempts of a job', () => {
  test('are read back from the status as they were written', () => {
    for (const attempt of [anAttempt({ slowdown: 0.125 }), ended('Paused'), ended('Failed', { ran: 0 })]) {
      expect(readAttempt(writeAttempt(attempt))).toEqual(attempt);
    }
  });

  test('have at most their last one open', () => {
    expect(openAttempt([])).toBeUndefined();
    expect(openAttempt([ended('Paused')])).toBeUndefined();
    expect(openAttempt([ended('Paused'), anAttempt({ number: 2 })])?.number).toBe(2);
  });

  test('never end before they began, nor run for less than nothing', () => {
    const attempts = closed([anAttempt({ startedAt: atHour(2) })], { at: atHour(1), ran: -5, reason: 'Paused' });
    expect(attempts).toEqual([anAttempt({ startedAt: atHour(2), endedAt: atHour(2), ran: 0, reason: 'Paused' })]);
  });

  test('lose one that was announced and never begun', () => {
    expect(withoutOpen([ended('Paused'), anAttempt({ number: 2 })])).toEqual([ended('Paused')]);
    expect(withoutOpen([ended('Paused')])).toEqual([ended('Paused')]);
  });

  test('count as pauses where the plan ended them, or the policy', () => {
    const attempts = [ended('Unschedulable'), ended('Paused'), ended('Moved'), ended('Suspended'), ended('Idle')];
    expect(pausesIn(attempts)).toBe(3);
    expect(pausesIn([ended('Paused', { number: 30 }), anAttempt({ number: 31 })])).toBe(30);
  });
});

describe('a place where pods stayed unschedulable', () => {
  const backoff = { base: 10 * MINUTE_MS, longest: HOUR_MS };
  const failed = (n: number, overrides = {}) => ended('Unschedulable', { number: n, ran: 0, ...overrides });
  const until = (attempts: readonly ReturnType<typeof anAttempt>[]) =>
    avoidances(attempts, backoff, atHour(1)).map(({ site, until: end }) => [site, end - atHour(1)]);

  test('is avoided for twice as long with every failure, up to a limit', () => {
    expect(until([failed(1)])).toEqual([['north', 10 * MINUTE_MS]]);
    expect(until([failed(1), failed(2)])).toEqual([['north', 20 * MINUTE_MS]]);
    expect(until([1, 2, 3, 4, 5].map((n) => failed(n)))).toEqual([['north', HOUR_MS]]);
  });

  test('is avoided for the accelerator that failed there', () => {
    const [avoidance] = avoidances([failed(1)], backoff, atHour(1));
    expect(avoidance).toMatchObject({ site: 'north', product: H100 });
    expect(avoidance?.message).toContain('tried again from 2026-06-01T01:10:00Z');
  });

  test('is avoided as well where its accelerators did nothing, and one after the other counts twice', () => {
    const idle = (n: number) => ended('Idle', { number: n });
    expect(until([idle(1)])).toEqual([['north', 10 * MINUTE_MS]]);
    expect(until([idle(1), idle(2)])).toEqual([['north', 20 * MINUTE_MS]]);
    expect(until([failed(1), idle(2)])).toEqual([['north', 20 * MINUTE_MS]]);
    const [avoidance] = avoidances([failed(1), idle(2)], backoff, atHour(1));
    expect(avoidance).toMatchObject({ cause: 'Idle', message: expect.stringContaining('did nothing there') });
  });

  test('is no longer avoided once the time is over, or the job ran there', () => {
    expect(avoidances([failed(1)], backoff, atHour(2))).toEqual([]);
    expect(until([failed(1), ended('Paused', { number: 2 })])).toEqual([]);
  });
});
