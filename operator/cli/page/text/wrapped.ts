import { widthOf } from '../words/plain-text.ts';
import { cell, type Line, type Segment } from './line.ts';

/** Between things that stand side by side. */
export const GAP = '  ';

/** A text over lines of at most `width` (one or more), broken between words, and inside those that are wider than a line. */
export function wrapped(text: string, width: number): readonly string[] {
  const words = text.split(' ').flatMap((word) => pieces(word, width));
  return filled(words, ' ', width);
}

/** The same, but parts of words that are wider than a line stay whole, for who shortens them. */
export function wrappedInWholeParts(text: string, width: number): readonly string[] {
  const words = text.split(' ').flatMap((word) => parts(word, width));
  return filled(words, ' ', width);
}

/** Items over lines of at most `width`, as many in a line as fit; one that is wider than a line has its own. */
export function filled(items: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const longer = line === undefined ? undefined : `${line}${separator}${item}`;
    if (longer === undefined || widthOf(longer) > width) lines.push(item);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A name and what is said of it, side by side, each wrapped in its own width. */
export function sideBySide(name: Segment & { readonly width: number }, said: Segment, room: number): readonly Line[] {
  const [names, texts] = [wrapped(name.text, name.width), wrapped(said.text, room - name.width - GAP.length)];
  return Array.from({ length: Math.max(names.length, texts.length) }, (_, index) => [
    { text: cell(names[index] ?? '', name.width), tone: name.tone },
    { text: GAP },
    { text: texts[index] ?? '', tone: said.tone },
  ]);
}

/** A word that is wider than a line in parts that end with the marks inside of names, as few as there can be. */
function parts(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  return filled(word.match(/[^-./:,;_]*[-./:,;_]+|[^-./:,;_]+/g) ?? [], '', width);
}

function pieces(word: string, width: number): readonly string[] {
  return parts(word, width).flatMap((part) => {
    const characters = Array.from(part);
    const count = Math.ceil(characters.length / width);
    return Array.from({ length: count }, (_, index) => characters.slice(index * width, (index + 1) * width).join(''));
  });
}
