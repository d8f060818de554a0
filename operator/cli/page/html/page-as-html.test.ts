import { describe, expect, test } from '@jest/globals';
import type { Block } from '../page.ts';
import { pageAsHtml } from './page-as-html.ts';

const drawn = (...blocks: readonly Block[]): string => {
  return pageAsHtml({ title: 'Plan for <b>', blocks }, { madeAt: '2026-11-26T08:36:00Z' });
};

describe('a page as HTML', () => {
  test('is a document with the title of the page and when it was made', () => {
    const html = drawn();
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<title>Plan for &lt;b&gt;</title>');
    expect(html).toContain('<h1>Plan for &lt;b&gt;</h1>');
    expect(html).toContain('<footer>kubectl carbon, 2026-11-26T08:36:00Z</footer>');
  });

  test('needs nothing else and forbids it', () => {
    const html = drawn({ kind: 'text', text: 'https://example.com/x.js' });
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(| (src|href|style|on[a-z]+)=/);
    expect(html.match(/<style>/g)).toHaveLength(1);
  });

  test('has every kind of prose', () => {
    const html = drawn(
      { kind: 'heading', text: 'Excluded' },
      { kind: 'text', text: 'none of them', tone: 'bad' },
      { kind: 'list', items: ['a', 'b'] },
      { kind: 'facts', facts: [{ name: 'saves', value: '61 %', tone: 'good' }] },
    );
    expect(html).toContain('<h2>Excluded</h2>');
    expect(html).toContain('<p class="bad">none of them</p>');
    expect(html).toContain('<ul><li>a</li><li>b</li></ul>');
    expect(html).toContain('<dl><dt>saves</dt><dd class="good">61 %</dd></dl>');
  });

  test('has tables that scroll in their own box, or what stands for them', () => {
    const columns = [
      { title: 'site', align: 'left' },
      { title: 'g', align: 'right' },
    ] as const;
    const html = drawn(
      { kind: 'table', columns, rows: [{ cells: ['north', '12'], tone: 'good' }, { cells: ['south'] }] },
      { kind: 'table', columns, rows: [], ifEmpty: 'No site is left.' },
    );
    expect(html).toContain('<div class="scroll" role="region" aria-label="Table of site, g" tabindex="0"><table>');
    expect(html).toContain(
      '<tr class="good"><td class="sentence short">north</td><td class="number short">12</td></tr>',
    );
    expect(html).toContain('<td class="number short"></td>');
    expect(html).toContain('<p class="dim">No site is left.</p>');
  });
});
