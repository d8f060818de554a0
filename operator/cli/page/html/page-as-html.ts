import type { Block, FactsBlock, Page, TableBlock } from '../page.ts';
import { columnKinds } from '../words/column-kinds.ts';
import { emptyTableShown } from '../words/empty-table.ts';
import { plainText, widthOf, withPlainText } from '../words/plain-text.ts';
import { barsFigure } from './bars.ts';
import { markup, type Markup } from './markup.ts';
import { scrolling } from './scrolling.ts';
import { STYLE } from './style.ts';
import { timelineFigure } from './timeline.ts';

/** Characters of a cell that stays in one line: a time is read at a glance only so. */
const LONGEST_UNBROKEN = 16;
const LONGEST_UNBROKEN_TITLE = 8;

/**
 * The page as one HTML document that needs nothing else: no script, no font, no picture from elsewhere.
 * @param options.madeAt when it was made, in words for the page's foot
 * @param options.madeBy what made it; this command line where nothing is said
 */
export function pageAsHtml(page: Page, options: { readonly madeAt: string; readonly madeBy?: string }): string {
  const { title, blocks } = withPlainText(page);
  // The policy is for what no escaping should let through: a browser then loads and runs nothing.
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${blocks.map((block) => markup`${blockMarkup(block)}\n`)}</main>
<footer>${plainText(options.madeBy ?? 'kubectl carbon')}, ${plainText(options.madeAt)}</footer>
</body>
</html>
`;
  return document.source;
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'heading':
      return markup`<h2>${block.text}</h2>`;
    case 'text':
      return markup`<p class="${block.tone ?? 'plain'}">${block.text}</p>`;
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li>${item}</li>`)}</ul>`;
    case 'facts':
      return factsMarkup(block);
    case 'table':
      return block.rows.length === 0 ? markup`<p class="dim">${emptyTableShown(block)}</p>` : tableMarkup(block);
    case 'timeline':
      return timelineFigure(block);
    case 'bars':
      return barsFigure(block);
  }
}

function factsMarkup({ facts }: FactsBlock): Markup {
  const pairs = facts.map(({ name, value, tone }) => {
    return markup`<dt>${name}</dt><dd class="${tone ?? 'plain'}">${value}</dd>`;
  });
  return markup`<dl>${pairs}</dl>`;
}

function tableMarkup(table: TableBlock): Markup {
  const kinds = columnKinds(table);
  const titles = table.columns.map(({ title }, column) => {
    const isShort = widthOf(title) <= LONGEST_UNBROKEN_TITLE;
    return markup`<th scope="col" class="${kinds[column] ?? ''}${isShort ? ' short' : ''}">${title}</th>`;
  });
  const rows = table.rows.map(({ cells, tone }) => {
    const row = kinds.map((kind, column) => {
      const text = cells[column] ?? '';
      const isShort = widthOf(text) <= LONGEST_UNBROKEN;
      return markup`<td class="${kind}${isShort ? ' short' : ''}">${text}</td>`;
    });
    return markup`<tr class="${tone ?? 'plain'}">${row}</tr>\n`;
  });
  const content = markup`<table>
<thead><tr>${titles}</tr></thead>
<tbody>
${rows}</tbody>
</table>`;
  return scrolling(`Table of ${table.columns.map(({ title }) => title).join(', ')}`, content);
}
