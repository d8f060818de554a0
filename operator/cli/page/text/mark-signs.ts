import type { TimelineBlock } from '../page.ts';

const OWN: Readonly<Record<string, string>> = { now: '│', deadline: '◆' };
const OTHERS = ['▲', '●', '■', '△', '○', '□'] as const;

/** A sign for each mark of a timeline, the same for now and for the deadline everywhere. */
export function markSigns(marks: TimelineBlock['marks']): readonly string[] {
  const others = marks.filter(({ label }) => !Object.hasOwn(OWN, label));
  return marks.map((mark) => {
    return (Object.hasOwn(OWN, mark.label) ? OWN[mark.label] : undefined) ?? OTHERS[others.indexOf(mark)] ?? '▾';
  });
}
