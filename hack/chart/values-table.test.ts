import { expect, test } from '@jest/globals';
import { readValues } from './values-table.ts';

test('lists what is described, with its default, in the order of the file', () => {
  const values = `
# About the file.

# -- How many.
count: 2

# A group needs no words of its own.
group:
  # -- The first of it,
  # in two lines.
  first: ''
  # -- An object is one value.
  second:
    a: [1]
`;
  expect(readValues(values)).toEqual([
    { path: 'count', byDefault: 2, description: 'How many.' },
    { path: 'group.first', byDefault: '', description: 'The first of it, in two lines.' },
    { path: 'group.second', byDefault: { a: [1] }, description: 'An object is one value.' },
  ]);
});

test('refuses a value without a description', () => {
  expect(() => readValues('group:\n  # -- This one has.\n  a: 1\n  b: 2\n')).toThrow(
    'group.b has no description: write a comment before it that begins with "# --"',
  );
});
