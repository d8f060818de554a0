import { describe, expect, test } from '@jest/globals';
import { Screen, type Output } from './screen.ts';

class Paper implements Output {
  text = '';
  readonly columns = 80;
  readonly rows = 24;
  write(text: string): void {
    this.text += text;
  }
}

const drawn = (draw: (screen: Screen) => void, colours = true): string => {
  const paper = new Paper();
  draw(new Screen(paper, { colours }));
  return paper.text;
};

describe('the screen', () => {
  test('draws a view over the one before it, and leaves the last one', () => {
    const text = drawn((screen) => {
      screen.draw([[{ text: 'a' }], [{ text: 'b' }]]);
      screen.draw([[{ text: 'c' }]]);
      screen.endDrawing();
      screen.print('end');
    }).replaceAll('\u001b', '^');
    expect(text).toBe('^[?25l\ra^[K\nb^[K\n^[J' + '^[2A\rc^[K\n^[J' + '^[?25h' + 'end\n');
  });

  test('shows the cursor again only where it was hidden', () => {
    expect(drawn((screen) => screen.endDrawing())).toBe('');
  });

  test('has colours on a terminal only', () => {
    const line = [{ text: 'ok', tone: 'good' }, { text: '  ' }] as const;
    expect(drawn((screen) => screen.print(line))).toBe('\u001b[32mok\u001b[0m  \n');
    expect(drawn((screen) => screen.print(line), false)).toBe('ok\n');
  });

  test('has a size where the output has none', () => {
    expect(new Screen({ write: () => undefined }, { colours: false }).size).toEqual({ columns: 100, rows: 24 });
  });
});
