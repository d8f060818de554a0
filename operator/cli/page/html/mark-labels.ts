/** A label beside the vertical line of a mark. */
export interface MarkLabel {
  /** Where the line is. */
  readonly x: number;
  readonly text: string;
  /** The lane that the label stands in, 0 the highest; the line begins there. */
  readonly lane: number;
  /** Left of the line where there is no room on the right. */
  readonly isLeft: boolean;
}

interface Placed extends MarkLabel {
  readonly from: number;
  readonly to: number;
}

/**
 * Labels in lanes above a picture: none covers another, and no line goes through one where that can be had.
 * @param marks in any order, none wider than half of the picture; the labels come back in another
 * @param end where the picture ends on the right; it begins at 0
 */
export function markLabels(
  marks: readonly { readonly x: number; readonly text: string; readonly width: number }[],
  end: number,
): readonly MarkLabel[] {
  const placed: Placed[] = [];
  // Towards the side that a label goes to: each is then below those whose lines it would be cut by.
  const [right, left] = [
    marks.filter(({ x, width }) => x + width <= end),
    marks.filter(({ x, width }) => x + width > end),
  ];
  const order = [...right.toSorted((a, b) => a.x - b.x), ...left.toSorted((a, b) => b.x - a.x)];
  for (const { x, text, width } of order) {
    const sides = [
      { isLeft: false, from: x, to: x + width },
      { isLeft: true, from: x - width, to: x },
    ].filter(({ from, to }) => from >= 0 && to <= end);
    // The lane below all others is always free of labels.
    const candidates = [...placed, undefined].flatMap((_, lane) => sides.map((side) => ({ x, text, lane, ...side })));
    const quiet = candidates.find(
      (candidate) => !placed.some((other) => covers(candidate, other) || cuts(candidate, other)),
    );
    const free = quiet ?? candidates.find((candidate) => !placed.some((other) => covers(candidate, other)));
    // One too wide for either side would be undefined here.
    if (free !== undefined) placed.push(free);
  }
  return placed.map(({ x, text, lane, isLeft }) => ({ x, text, lane, isLeft }));
}

function covers(a: Placed, b: Placed): boolean {
  return a.lane === b.lane && a.from < b.to && b.from < a.to;
}

/** Whether the line of the one goes through the label of the other: it goes down from its lane through all that are lower. */
function cuts(a: Placed, b: Placed): boolean {
  const [upper, lower] = a.lane < b.lane ? [a, b] : [b, a];
  return upper.lane < lower.lane && lower.from < upper.x && upper.x < lower.to;
}
