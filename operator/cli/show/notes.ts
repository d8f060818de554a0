import type { Block } from '../page/page.ts';

/** What an answer leaves out, below it. */
export function notesBlocks(notes: readonly string[]): readonly Block[] {
  return notes.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Notes' },
        { kind: 'list', items: notes },
      ];
}
