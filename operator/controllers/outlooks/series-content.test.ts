import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, series } from '../../../test/builders/planning.ts';
import type { IntensitySample, IntensitySeries } from '../../domain/intensity.ts';
import type { Outlook } from '../../domain/site.ts';
import { sameContent } from './series-content.ts';

const NOW = atHour(1) + hours(0.5);
const outlook = (whole: IntensitySeries): Outlook => ({ series: whole, rung: 'LiveForecast' });
const of = (figures: readonly number[]): Outlook => outlook(series(figures));
const changed = (whole: IntensitySeries, at: number, sample: Partial<IntensitySample>): Outlook =>
  outlook({ ...whole, samples: whole.samples.map((one, k) => (k === at ? { ...one, ...sample } : one)) });

/** Neighbours that say the same as one sample. */
function joined(whole: IntensitySeries): IntensitySeries {
  const samples: IntensitySample[] = [];
  for (const sample of whole.samples) {
    const last = samples.at(-1);
    if (last?.endsAt === sample.startsAt && last.gramsPerKilowattHour === sample.gramsPerKilowattHour) {
      samples[samples.length - 1] = { ...last, endsAt: sample.endsAt };
    } else samples.push(sample);
  }
  return { ...whole, samples };
}

const someFigures = fc.array(fc.integer({ min: 100, max: 102 }), { minLength: 3, maxLength: 12 });

describe('two outlooks say the same', () => {
  test('however they are cut into samples', () => {
    fc.assert(
      fc.property(someFigures, (figures) => {
        const whole = series(figures);
        expect(sameContent(outlook(joined(whole)), outlook(whole), NOW)).toBe(true);
        expect(sameContent(outlook(whole), outlook(joined(whole)), NOW)).toBe(true);
      }),
    );
  });

  test('whatever they say of the time that is over, and whenever they were issued', () => {
    const before = outlook({ ...series([1, 100, 200]), issuedAt: atHour(0) });
    const after = outlook({ ...series([2, 100, 200]), issuedAt: atHour(1) });
    expect(sameContent(before, after, NOW)).toBe(true);
    expect(sameContent(of([100]), of([200]), NOW)).toBe(true);
    expect(sameContent(undefined, undefined, NOW)).toBe(true);
  });
});

describe('two outlooks differ', () => {
  const whole = series([100, 100, 100, 200, 200]);
  test.each<[string, Outlook | undefined]>([
    ['in a figure to come', of([100, 100, 100, 200, 201])],
    ['in the figure of now', of([100, 101, 100, 200, 200])],
    ['in how far they reach', of([100, 100, 100, 200])],
    ['in a gap', outlook({ ...whole, samples: whole.samples.toSpliced(2, 1) })],
    ['in what is measured', changed(whole, 3, { estimated: true })],
    ['in the rung of what is to come', changed(whole, 4, { rung: 'Persistence' })],
    ['in their rung', { ...outlook(whole), rung: 'CachedForecast' }],
    ['in their source', outlook({ ...whole, source: 'another' })],
    ['in what their figures count', outlook({ ...whole, scope: 'Direct' })],
    ['in that there is none', undefined],
  ])('%s', (_, other) => {
    expect(sameContent(outlook(whole), other, NOW)).toBe(false);
    expect(sameContent(other, outlook(joined(whole)), NOW)).toBe(false);
  });
});
