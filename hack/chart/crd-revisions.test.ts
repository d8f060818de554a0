import { describe, expect, test } from '@jest/globals';
import { revised } from './crd-revisions.ts';

const definition = (schema: string, revision = 0): string =>
  `metadata:\n  name: things.sunward.dev\n  annotations:\n    sunward.dev/revision: '${revision}'\nspec: ${schema}\n`;

describe('the revision of a definition', () => {
  const first = revised(definition('a'), {});

  test('is 1 for a new one', () => {
    expect(first.yaml).toBe(definition('a', 1));
  });

  test('stays where nothing else has changed, whatever is written there', () => {
    expect(revised(first.yaml, first.revisions)).toEqual(first);
    expect(revised(definition('a', 7), first.revisions)).toEqual(first);
  });

  test('is one more after a change, also back to what it was before', () => {
    const second = revised(definition('b', 1), first.revisions);
    expect(second.yaml).toBe(definition('b', 2));
    expect(revised(definition('a', 2), second.revisions).yaml).toBe(definition('a', 3));
  });

  test('needs its line', () => {
    expect(() => revised('metadata: { name: things.sunward.dev }\n', {})).toThrow(
      "definition things.sunward.dev has no line sunward.dev/revision: '0' below metadata.annotations; add it",
    );
  });
});
