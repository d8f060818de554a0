import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { SourceError } from '../../../ports/source-error.ts';
import { readIntensityFile } from './intensity-file.ts';

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

/** The samples of one zone, as [start, end, grams]. */
function read(text: string, format: 'csv' | 'json' = 'csv', zone = 'SE-SE3') {
  const series = readIntensityFile(text, format).zones.get(zone)?.get('Average');
  return series?.samples.map((sample) => [sample.startsAt, sample.endsAt, sample.gramsPerKilowattHour]);
}

function refusalOf(text: string, format: 'csv' | 'json' = 'csv'): string {
  try {
    readIntensityFile(text, format);
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ code: 'Malformed' });
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the file was not refused');
}

const csv = (...rows: readonly string[]) => ['zone,start,length,gramsPerKWh', ...rows].join('\n');
const json = (...samples: readonly object[]) => JSON.stringify({ samples });

describe('an intensity file', () => {
  test('as CSV has slots of any length, by end or by length', () => {
    const lengths = csv('SE-SE3,2026-11-23T08:00:00Z,5s,41.5', 'SE-SE3,2026-11-23T08:00:05Z,1h30m,40');
    expect(read(lengths)).toEqual([
      [at('08:00:00'), at('08:00:05'), 41.5],
      [at('08:00:05'), at('09:30:05'), 40],
    ]);
    const ends = 'zone,start,end,gramsPerKWh\nSE-SE3,2026-11-23T09:00:00+01:00,2026-11-23T12:00:00Z,30';
    expect(read(ends)).toEqual([[at('08:00:00'), at('12:00:00'), 30]]);
  });

  test('as JSON says the same', () => {
    const text = json({ zone: 'SE-SE3', start: '2026-11-23T08:00:00Z', length: '48h', gramsPerKWh: 41.5 });
    expect(read(text, 'json')).toEqual([[at('08:00:00'), at('08:00:00') + 48 * 3_600_000, 41.5]]);
  });

  test.each(['csv', 'json'] as const)('is what the page on data sources shows as %s', (format) => {
    const page = readFileSync(new URL('../../../../docs/data-sources.md', import.meta.url), 'utf8');
    const sample = new RegExp(`\`\`\`${format}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';
    expect(read(sample, format)?.[0]).toEqual([at('08:00:00'), at('09:00:00'), 21]);
    expect([...readIntensityFile(sample, format).zones.keys()]).toEqual(['SE-SE3', 'DE']);
  });

  test('keeps zones and signals apart, however their rows are mixed', () => {
    const text = [
      'zone,start,length,gramsPerKWh,signal,scope,estimated',
      'SE-SE3,2026-11-23T08:00:00Z,1h,20,,,true',
      'DE,2026-11-23T08:00:00Z,1h,400,,,',
      'SE-SE3,2026-11-23T08:00:00Z,1h,700,Marginal,Direct,false',
    ].join('\n');
    const { zones } = readIntensityFile(text, 'csv');

    expect([...zones.keys()]).toEqual(['SE-SE3', 'DE']);
    expect(zones.get('SE-SE3')?.get('Average')).toMatchObject({ scope: 'Lifecycle', samples: [{ estimated: true }] });
    expect(zones.get('SE-SE3')?.get('Marginal')).toMatchObject({ scope: 'Direct', samples: [{ estimated: false }] });
    expect(zones.get('DE')?.get('Average')?.samples[0]?.gramsPerKilowattHour).toBe(400);
  });

  test('leaves a gap open', () => {
    expect(read(csv('SE-SE3,2026-11-23T08:00:00Z,1h,20', 'SE-SE3,2026-11-23T11:00:00Z,1h,30'))).toEqual([
      [at('08:00:00'), at('09:00:00'), 20],
      [at('11:00:00'), at('12:00:00'), 30],
    ]);
  });

  test('may say when its figures were issued', () => {
    const sample = { zone: 'DE', start: '2026-11-23T08:00:00Z', length: '1h', gramsPerKWh: 1 };
    const text = JSON.stringify({ issuedAt: '2026-11-23T06:00:00Z', samples: [sample] });
    expect(readIntensityFile(text, 'json').issuedAt).toBe(at('06:00:00'));
    expect(readIntensityFile(json(sample), 'json').issuedAt).toBeUndefined();
  });

  test('gives back in order and unchanged whatever rows that do not overlap it was made of', () => {
    const slots = fc.array(
      fc.record({
        gapMs: fc.nat({ max: 5_000 }),
        lengthMs: fc.integer({ min: 1, max: 100_000 }),
        grams: fc.float({ min: 0, max: 1_500, noNaN: true }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(slots, (made) => {
        let edge = at('00:00:00');
        const expected = made.map(({ gapMs, lengthMs, grams }) => {
          const startsAt = edge + gapMs;
          edge = startsAt + lengthMs;
          return [startsAt, edge, grams] as const;
        });
        const rows = expected.map(([startsAt, endsAt, grams]) =>
          ['SE-SE3', new Date(startsAt).toISOString(), `${String(endsAt - startsAt)}ms`, String(grams)].join(','),
        );
        expect(read(csv(...rows))).toEqual(expected);
      }),
    );
  });
});

describe('an intensity file is refused with place, field, value and remedy', () => {
  const start = '2026-11-23T08:00:00Z';

  test.each([
    [
      'a negative figure',
      csv(`DE,${start},1h,20`, 'DE,2026-11-23T09:00:00Z,1h,-5'),
      /line 3, gramsPerKWh: "-5".*0 or more/,
    ],
    ['an empty figure', csv(`DE,${start},1h,`), /line 2, gramsPerKWh: is empty; .*leave the row out/],
    ['NaN', csv(`DE,${start},1h,NaN`), /line 2, gramsPerKWh: "NaN"/],
    ['infinity', csv(`DE,${start},1h,1e999`), /line 2, gramsPerKWh: "1e999"/],
    ['a time without offset', csv('DE,2026-11-23T08:00:00,1h,5'), /line 2, start: "2026-11-23T08:00:00".*RFC 3339/],
    ['a day that does not exist', csv('DE,2026-02-30T08:00:00Z,1h,5'), /line 2, start: "2026-02-30/],
    ['a length of zero', csv(`DE,${start},0s,5`), /line 2, length: "0s".*e\.g\. 5s/],
    ['a length without unit', csv(`DE,${start},60,5`), /line 2, length: "60"/],
    [
      'an end before the start',
      `zone,start,end,gramsPerKWh\nDE,${start},${start},5`,
      /line 2, end: .*later than start/,
    ],
    [
      'end and length at once',
      `zone,start,end,length,gramsPerKWh\nDE,${start},${start},1h,5`,
      /line 2: both end and length/,
    ],
    ['neither end nor length', csv(`DE,${start},,5`), /line 2: neither end nor length/],
    ['no zone', csv(`,${start},1h,5`), /line 2, zone: is empty/],
    [
      'overlapping rows',
      csv(`DE,${start},2h,5`, 'DE,2026-11-23T09:00:00Z,1h,5'),
      /line 3, start: .*ends at 2026-11-23T10:00/,
    ],
    ['rows out of order', csv(`DE,${start},1h,5`, 'DE,2026-11-23T06:00:00Z,1h,5'), /line 3, start: .*in order of time/],
    ['a row with a cell too few', csv(`DE,${start},1h`), /line 2: 3 cells where the first line has 4/],
    ['an unknown column', `zone,start,length,gramsPerKWh,singal\nDE,${start},1h,5,x`, /line 1, singal: no such field/],
    ['a column twice', `zone,zone,start,length,gramsPerKWh\n`, /line 1: column zone is there twice/],
    ['a missing column', `zone,start,length\nDE,${start},1h`, /line 1: no column gramsPerKWh/],
    ['no column for the end', `zone,start,gramsPerKWh\nDE,${start},5`, /line 1: no column end or length/],
    [
      'an unknown signal',
      `zone,start,length,gramsPerKWh,signal\nDE,${start},1h,5,average`,
      /line 2, signal: "average".*Average or Marginal/,
    ],
    ['an unknown scope', `zone,start,length,gramsPerKWh,scope\nDE,${start},1h,5,x`, /line 2, scope: "x".*Lifecycle/],
    [
      'two scopes for one zone',
      `zone,start,length,gramsPerKWh,scope\nDE,${start},1h,5,\nDE,2026-11-23T09:00:00Z,1h,5,Direct`,
      /line 3, scope: Direct after Lifecycle/,
    ],
    [
      'an unclear estimated',
      `zone,start,length,gramsPerKWh,estimated\nDE,${start},1h,5,yes`,
      /line 2, estimated: "yes".*true or false/,
    ],
    ['an open quote', csv(`"DE,${start},1h,5`), /line 2: a quote is opened/],
    ['no rows', csv(), /no rows/],
    ['nothing at all', '', /no column zone/],
  ])('for %s', (_, text, message) => {
    expect(refusalOf(text)).toMatch(message);
  });

  test.each([
    ['what is not JSON', '{"samples": [],}', /not JSON: .*position 15 \(line 1/],
    ['no list of samples', '{"samples": {}}', /a list "samples"/],
    ['another top-level field', '{"issued": "x", "samples": []}', /issued: no such field/],
    ['an unclear issuedAt', '{"issuedAt": "yesterday", "samples": []}', /issuedAt: "yesterday".*RFC 3339/],
    ['a sample that is no object', '{"samples": [5]}', /samples\[0\]: it must be an object/],
    [
      'a field of a sample',
      json({ zone: 'DE', start, length: '1h', gramsPerKWh: null }),
      /samples\[0\], gramsPerKWh: is empty/,
    ],
    ['an unknown field', json({ zone: 'DE', start, length: '1h', grams: 1 }), /samples\[0\], grams: no such field/],
    ['no samples', json(), /no rows/],
  ])('for JSON with %s', (_, text, message) => {
    expect(refusalOf(text, 'json')).toMatch(message);
  });
});
