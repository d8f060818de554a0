import { markup, type Markup } from './markup.ts';

/** What scrolls by itself where it is wider than the page, in a box that the keyboard reaches. */
export function scrolling(label: string, content: Markup): Markup {
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}
