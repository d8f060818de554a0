import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { amountShown, rangeShown } from './amounts.ts';
import { DAY_MS, instantShown, intervalShown, markShown, spanShown, tickShown } from './instants.ts';
import { plainText, shortened, withPlainText } from './plain-text.ts';

const at = (time: string): number => Date.parse(time);
const from = (startsAt: string, endsAt: string) => ({ startsAt: at(startsAt), endsAt: at(endsAt) });
const day = from('2026-11-26T08:00:00Z', '2026-11-27T00:00:00Z');
const days = from('2026-11-26T08:00:00Z', '2026-11-30T08:00:00Z');
const minutes = from('2026-11-26T10:00:00Z', '2026-11-26T10:02:00Z');

describe('an instant', () => {
  test('is told with its day where a span has several', () => {
    expect(instantShown(at('2026-11-26T09:05:30Z'), days)).toBe('Thu 26 Nov 09:05');
    expect(instantShown(at('2026-11-26T09:05:30Z'), day)).toBe('09:05');
    expect(instantShown(at('2026-11-28T09:05:30Z'), day)).toBe('Sat 28 Nov 09:05');
  });

  test('is told with seconds where a span has minutes', () => {
    expect(instantShown(at('2026-11-26T10:01:07Z'), minutes)).toBe('10:01:07');
    expect(intervalShown(minutes, minutes)).toBe('10:00:00 to 10:02:00');
  });

  test('is as short on an axis as its step allows', () => {
    expect(tickShown(at('2026-11-26T09:05:30Z'), 30_000)).toBe('09:05:30');
    expect(tickShown(at('2026-11-26T09:05:00Z'), 5 * MINUTE_MS)).toBe('09:05');
    expect(tickShown(at('2026-11-27T00:00:00Z'), 6 * HOUR_MS)).toBe('Fri 27');
    expect(tickShown(at('2026-11-30T00:00:00Z'), 7 * DAY_MS)).toBe('30 Nov');
  });

  test('that a span does not reach is told so', () => {
    expect(markShown({ at: day.endsAt, label: 'deadline' }, day)).toBe('deadline Fri 27 Nov 00:00');
    expect(markShown({ at: day.endsAt + 1, label: 'deadline' }, day)).toBe(
      'deadline Fri 27 Nov 00:00 (later than shown)',
    );
    expect(markShown({ at: day.startsAt - HOUR_MS, label: 'sent' }, day)).toBe('sent 07:00 (earlier than shown)');
  });
});

test('a span is told as far as its ticks leave it open', () => {
  expect(spanShown(day)).toBe('26 Nov 2026 UTC');
  expect(spanShown(days)).toBe('Nov 2026 UTC');
  expect(spanShown(from('2026-11-26T08:00:00Z', '2026-12-02T08:00:00Z'))).toBe('Nov–Dec 2026 UTC');
  expect(spanShown(from('2026-12-26T08:00:00Z', '2027-01-02T08:00:00Z'))).toBe('Dec 2026–Jan 2027 UTC');
});

describe('an amount', () => {
  test('has three digits that matter', () => {
    const amounts = [0, 0.012345, 1.849, 14.22, 14, 412.6, 10_000, -7.4, -0];
    expect(amounts.map(amountShown)).toEqual(['0', '0.0123', '1.85', '14.2', '14', '413', '10000', '−7.4', '0']);
  });

  test('is a range with another', () => {
    expect(rangeShown({ lowest: 38, highest: 412 }, 'g/kWh')).toBe('38–412 g/kWh');
    expect(rangeShown({ lowest: -7, highest: 41 }, 'EUR')).toBe('−7 to 41 EUR');
    expect(rangeShown({ lowest: 38.02, highest: 38.04 }, '')).toBe('38');
    expect(rangeShown(undefined, 'g/kWh')).toBe('unknown');
  });
});

describe('a text', () => {
  test('from elsewhere is one line of printable characters', () => {
    expect(plainText(' a\n b\t\u001B[31mc\u0000d\u2028e ')).toBe('a b [31mc d e');
    expect(plainText('user\u202Etxt.exe\u200B')).toBe('usertxt.exe');
    expect(plainText('half \uD83C')).toBe('half \uFFFD');
    expect(plainText('12\u00A0g, 8 × H100, naïve 東京')).toBe('12\u00A0g, 8 × H100, naïve 東京');
  });

  test('is cleaned wherever it stands in a page, and nothing else is', () => {
    const page = withPlainText({
      title: 'a\nb',
      blocks: [
        { kind: 'bars', title: 't', bars: [{ label: 'l\u0007', value: 1.5, shown: 's' }] },
        { kind: 'list', items: ['x\ny'] },
      ],
    });
    expect(page).toEqual({
      title: 'a b',
      blocks: [
        { kind: 'bars', title: 't', bars: [{ label: 'l', value: 1.5, shown: 's' }] },
        { kind: 'list', items: ['x y'] },
      ],
    });
  });

  test('that is too wide ends with an ellipsis', () => {
    expect([5, 4, 2, 1, 0].map((width) => shortened('🌍abcd', width))).toEqual(['🌍abcd', '🌍ab…', '🌍…', '…', '']);
  });
});
