import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { formatTime } from '../api/v1alpha1/timestamps.ts';
import { UsageError, type Answer } from './answer.ts';
import { wordsOf } from './error-text.ts';
import { pageAsHtml } from './page/html/page-as-html.ts';
import { pageAsText } from './page/text/page-as-text.ts';
import type { Terminal } from './terminal.ts';

export const OUTPUTS = ['table', 'json', 'yaml'] as const;

/** How the user wants to see an answer. */
export interface OutputFlags {
  readonly output: (typeof OUTPUTS)[number];
  /** Path of a page to write as well. */
  readonly html?: string;
}

/** Shows an answer. Throws {@link UsageError} where the page can't be written. */
export async function show({ data, page }: Answer, { output, html }: OutputFlags, terminal: Terminal): Promise<void> {
  if (html !== undefined) {
    await written(html, pageAsHtml(page, { madeAt: formatTime(terminal.clock.now()) }));
    terminal.err(`wrote ${html}\n`);
  }
  switch (output) {
    case 'json':
      terminal.out(`${JSON.stringify(data, undefined, 2)}\n`);
      return;
    case 'yaml':
      terminal.out(stringify(data));
      return;
    case 'table':
      terminal.out(pageAsText(page, terminal));
  }
}

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`--html ${path} can't be written: ${wordsOf(error)}`, { cause: error });
  }
}
