import { describe, expect, test } from '@jest/globals';
import type { Block, Tone } from '../page.ts';
import { pageAsText } from './page-as-text.ts';

const drawn = (blocks: readonly Block[], options = { columns: 60, colours: false }): string => {
  return pageAsText({ title: 'Plan', blocks }, options);
};

describe('a page as text', () => {
  test('has a heading directly above what it is about', () => {
    expect(
      drawn([
        { kind: 'text', text: 'It would start at once.' },
        { kind: 'heading', text: 'Excluded' },
        { kind: 'list', items: ['warsaw: spec.placement.residency allows SE, DE and GB, and it is in PL', 'paris'] },
        { kind: 'table', columns: [], rows: [], ifEmpty: 'No budget limits it.' },
        { kind: 'table', columns: [], rows: [] },
      ]),
    ).toBe(`Plan

It would start at once.

Excluded
•  warsaw: spec.placement.residency allows SE, DE and GB,
   and it is in PL
•  paris

No budget limits it.

none
`);
  });

  test('has facts below each other with their names aligned', () => {
    const facts = [
      { name: 'saves', value: '61 %' },
      { name: 'confidence', value: 'figures after Saturday are those of a typical day and uncertain' },
    ];
    expect(drawn([{ kind: 'facts', facts }])).toBe(`Plan

saves       61 %
confidence  figures after Saturday are those of a typical
            day and uncertain
`);
  });

  test('has colours for its tones where they are wanted', () => {
    const tones: readonly Tone[] = ['good', 'warning', 'bad', 'dim', 'strong'];
    const blocks = tones.map((tone): Block => ({ kind: 'text', text: tone, tone }));
    expect(drawn(blocks, { columns: 80, colours: true }).split('\n\n').slice(1).join('').trim()).toBe(
      '\u001B[32mgood\u001B[0m\u001B[33mwarning\u001B[0m\u001B[31mbad\u001B[0m\u001B[2mdim\u001B[0m\u001B[1mstrong\u001B[0m',
    );
  });

  test('is one line where there is nothing but a title', () => {
    expect(drawn([])).toBe('Plan\n');
  });
});
