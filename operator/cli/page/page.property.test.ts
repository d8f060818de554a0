import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, SECOND_MS, type EpochMs } from '../../domain/units.ts';
import { pageAsHtml } from './html/page-as-html.ts';
import type { BarsBlock, Block, FactsBlock, Page, Strip, TableBlock, TimelineBlock, Tone } from './page.ts';
import { pageAsText } from './text/page-as-text.ts';
import { withPlainText } from './words/plain-text.ts';

const TONES: readonly Tone[] = ['good', 'warning', 'bad', 'dim', 'strong'];
const tone = fc.constantFrom(...TONES);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.lorem({ maxCount: 25 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '&lt;b&gt;',
    '</title></svg>',
  ),
  fc.constantFrom(
    '\u001B[31mred\u001B[0m',
    'a\nb\r\nc\td',
    '\u202Egnirts',
    'x'.repeat(300),
    'eu-west/prod.gpu-pool:h100-80gb-'.repeat(4),
  ),
);
const amount = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(0, 1e-9, NaN, Infinity, -Infinity, 1e300),
);
const NOON: EpochMs = Date.parse('2026-11-26T12:00:00Z');
const instant = fc.integer({ min: -200, max: 200 }).map((steps) => NOON + steps * HOUR_MS * 0.37);

const span = fc
  .record({
    startsAt: instant,
    length: fc.constantFrom(0, 1, SECOND_MS, 120 * SECOND_MS, HOUR_MS, 96 * HOUR_MS, 9999 * HOUR_MS),
  })
  .map(({ startsAt, length }) => ({ startsAt, endsAt: startsAt + length }));
const intervals = fc.array(span, { maxLength: 5 });
/** In order of time, not overlapping, with gaps. */
const figures = fc
  .record({
    startsAt: instant,
    steps: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 2 }), value: amount }), { maxLength: 30 }),
    stepMs: fc.constantFrom(5 * SECOND_MS, HOUR_MS),
  })
  .map(({ startsAt, steps, stepMs }): Strip['figures'] => {
    let at = startsAt;
    return steps.map(({ gap, value }) => {
      at += (gap + 1) * stepMs;
      return { startsAt: at - stepMs, endsAt: at, value };
    });
  });

const facts: fc.Arbitrary<FactsBlock> = fc.record({
  kind: fc.constant('facts'),
  facts: fc.array(fc.record({ name: text, value: text, tone }), { maxLength: 4 }),
});
const table: fc.Arbitrary<TableBlock> = fc.record(
  {
    kind: fc.constant('table'),
    columns: fc.array(fc.record({ title: text, align: fc.constantFrom('left', 'right') }), { maxLength: 12 }),
    rows: fc.array(fc.record({ cells: fc.array(text, { maxLength: 13 }), tone }), { maxLength: 4 }),
    ifEmpty: text,
  },
  { requiredKeys: ['kind', 'columns', 'rows'] },
);
const timeline: fc.Arbitrary<TimelineBlock> = fc.record({
  kind: fc.constant('timeline'),
  span,
  unit: text,
  strips: fc.array(fc.record({ label: text, figures, windows: intervals }), { maxLength: 4 }),
  marks: fc.array(fc.record({ at: instant, label: fc.oneof(text, fc.constantFrom('now', 'deadline')) }), {
    maxLength: 9,
  }),
});
const bars: fc.Arbitrary<BarsBlock> = fc.record({
  kind: fc.constant('bars'),
  title: text,
  bars: fc.array(fc.record({ label: text, value: amount, shown: text, tone }), { maxLength: 6 }),
});
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('heading'), text }),
  fc.record({ kind: fc.constant('text'), text, tone }),
  fc.record({ kind: fc.constant('list'), items: fc.array(text, { maxLength: 4 }) }),
  facts,
  table,
  timeline,
  bars,
);
const page: fc.Arbitrary<Page> = fc.record({ title: text, blocks: fc.array(block, { maxLength: 6 }) });

describe('any page as text', () => {
  test('is never wider than the terminal', () => {
    fc.assert(
      fc.property(page, fc.integer({ min: 1, max: 200 }), (any, columns) => {
        const lines = pageAsText(any, { columns, colours: false }).split('\n');
        expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(Math.max(60, columns));
      }),
    );
  });

  test('commands the terminal with nothing but its own colours', () => {
    fc.assert(
      fc.property(page, (any) => {
        const plain = pageAsText(any, { columns: 80, colours: false });
        expect(plain.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const coloured = pageAsText(any, { columns: 80, colours: true });
        expect(coloured.replace(/\u001B\[(0|1|2|31|32|33)m/g, '').replace(/ +$/gm, '')).toBe(plain);
      }),
    );
  });

  test('draws no undefined and no NaN', () => {
    const blocks = fc.array(fc.oneof(timeline, bars).map(withoutWords), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(blocks, (drawn) => {
        const any: Page = { title: 'page', blocks: drawn };
        expect(pageAsText(any, { columns: 80, colours: false })).not.toMatch(/undefined|NaN|Infinity/);
        expect(pageAsHtml(any, { madeAt: 'now' })).not.toMatch(/undefined|NaN|Infinity/);
      }),
    );
  });
});

describe('any page as HTML', () => {
  const html = (any: Page): string => pageAsHtml(any, { madeAt: '2026-11-26T12:00:00Z' });

  test('is well-formed, and has no elements and attributes but its own', () => {
    fc.assert(
      fc.property(page, (any) => {
        const { unclosed, names, attributes, rest } = read(html(any));
        expect(unclosed).toEqual([]);
        expect(ELEMENTS).toEqual(expect.arrayContaining([...names]));
        expect(ATTRIBUTES).toEqual(expect.arrayContaining([...attributes]));
        expect(rest).not.toMatch(/[<>]/);
      }),
    );
  });

  test('says every word of prose and tables', () => {
    fc.assert(
      fc.property(page, (any) => {
        const said = unescaped(html(any));
        for (const word of wordsOf(any)) expect(said).toContain(word);
      }),
    );
  });

  test('is made from the page alone', () => {
    fc.assert(
      fc.property(page, (any) => {
        expect(html(any)).toBe(html(structuredClone(any)));
      }),
    );
  });
});

const WITHOUT_CONTENT = ['meta', 'path', 'rect'];
const ELEMENTS = [
  ...[
    'html',
    'head',
    'meta',
    'title',
    'style',
    'body',
    'main',
    'h1',
    'h2',
    'p',
    'ul',
    'li',
    'dl',
    'dt',
    'dd',
    'footer',
  ],
  ...['div', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'figure', 'figcaption', 'span', 'i'],
  ...['svg', 'g', 'path', 'rect', 'text'],
];
const ATTRIBUTES = [
  ...['lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'scope', 'tabindex', 'role', 'aria-label'],
  ...['viewBox', 'd', 'x', 'y', 'width', 'height'],
];

/** Reads tags as a strict parser does: what is left has no angle bracket unless something was not escaped. */
function read(html: string) {
  const open: string[] = [];
  const names = new Set<string>();
  const attributes = new Set<string>();
  const body = html.replace(/^<!doctype html>/, '').replace(/<style>[^<]*<\/style>/, '');
  const rest = body.replace(
    /<(\/?)([a-z0-9]+)((?: [a-zA-Z-]+="[^"<>]*")*)( \/)?>/g,
    (_, closing: string, name: string, its: string, isVoid: string | undefined) => {
      names.add(name);
      for (const [, attribute] of its.matchAll(/ ([a-zA-Z-]+)="/g)) attributes.add(attribute ?? '');
      if (isVoid !== undefined) expect(WITHOUT_CONTENT).toContain(name);
      if (closing === '/') expect(open.pop()).toBe(name);
      else if (isVoid === undefined) open.push(name);
      return '';
    },
  );
  return { unclosed: open, names, attributes, rest };
}

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function wordsOf(any: Page): readonly string[] {
  const { title, blocks } = withPlainText(any);
  return [
    title,
    ...blocks.flatMap((one): readonly string[] => {
      if (one.kind === 'heading' || one.kind === 'text') return [one.text];
      if (one.kind === 'list') return one.items;
      if (one.kind === 'facts') return one.facts.flatMap(({ name, value }) => [name, value]);
      if (one.kind === 'bars') return [one.title, ...one.bars.map(({ label, shown }) => `${label}: ${shown}`)];
      if (one.kind !== 'table') return [];
      return one.rows.flatMap(({ cells }) => cells.slice(0, one.columns.length));
    }),
  ];
}

function withoutWords(one: TimelineBlock | BarsBlock): Block {
  if (one.kind === 'bars')
    return { ...one, title: '', bars: one.bars.map((bar) => ({ ...bar, label: '', shown: '' })) };
  const strips = one.strips.map((strip) => ({ ...strip, label: '' }));
  return { ...one, unit: '', strips, marks: one.marks.map((mark) => ({ ...mark, label: '' })) };
}
