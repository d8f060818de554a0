import { shortened, widthOf } from '../words/plain-text.ts';

/** Units of a picture's own system of coordinates; pixels where the page is as wide. */
export const PICTURE_WIDTH = 880;

/** What letters have on average at the pictures' size in a wide font: what is taken for too wide is shortened, never overlaps. */
const CHARACTER_WIDTH = 7.8;

/** About how wide a text is. */
export function textWidth(text: string): number {
  return widthOf(text) * CHARACTER_WIDTH;
}

export function charactersIn(width: number): number {
  return Math.floor(width / CHARACTER_WIDTH);
}

/** The text itself where it takes no more than `width`, else its beginning with an ellipsis. */
export function fitted(text: string, width: number): string {
  return shortened(text, charactersIn(width));
}
