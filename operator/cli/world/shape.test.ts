import { describe, expect, test } from '@jest/globals';
import { FieldReader, type Problem } from '../../api/v1alpha1/parse/field-reader.ts';
import { needed, shaped, type Shape } from './shape.ts';

interface Fleet {
  readonly name?: string;
  readonly ready?: boolean;
  readonly extra?: object;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cars?: readonly { readonly seats: number; readonly fuel?: string }[];
}

const FLEET: Shape<Fleet> = {
  ...{ name: 'text', ready: 'boolean', extra: 'anything', labels: { '*': 'amount' } },
  cars: [{ seats: needed('number'), fuel: 'text' }],
};

function read(value: unknown) {
  const problems: Problem[] = [];
  const found = shaped(FLEET, new FieldReader('fleet', value, problems));
  return { found, problems: problems.map(({ field, message }) => `${field} ${message}`) };
}

describe('an object that holds what it has to', () => {
  test('is read with all its fields, also those that nobody asks for', () => {
    const value = { name: 'a', cars: [{ seats: 4 }, { seats: 2, colour: 'red' }], extra: { a: null }, more: [1, null] };
    expect(read(value)).toEqual({ found: value, problems: [] });
  });

  test('lacks what is null', () => {
    expect(read({ name: null, labels: null, cars: [{ seats: 4, fuel: null }], more: null })).toEqual({
      found: { cars: [{ seats: 4 }] },
      problems: [],
    });
  });

  test('has amounts as texts', () => {
    expect(read({ labels: { 'nvidia.com/gpu': 8, cpu: '500m' } }).found).toEqual({
      labels: { 'nvidia.com/gpu': '8', cpu: '500m' },
    });
  });

  test('may be missing', () => {
    expect(read(undefined)).toEqual({ found: undefined, problems: [] });
  });
});

describe('an object that holds something else', () => {
  test('is refused with each field of it', () => {
    expect(read({ name: 5, ready: 'yes', labels: ['a'], cars: { seats: 4 } }).problems).toEqual([
      expect.stringMatching(/^fleet.cars is not a list/),
      expect.stringMatching(/^fleet.labels is not an object/),
      expect.stringMatching(/^fleet.name is not a text/),
      expect.stringMatching(/^fleet.ready is neither true nor false/),
    ]);
  });

  test('is refused for members that hold nothing, the wrong thing, or lack what is needed', () => {
    expect(read({ cars: [null, 'van', {}, { seats: '4' }] }).problems).toEqual([
      'fleet.cars[0] is missing; write it, or take its dash away',
      'fleet.cars[1] is not an object; write fields below it',
      'fleet.cars[2].seats is missing; write it',
      'fleet.cars[3].seats is not a number; write one, without quotes',
    ]);
  });

  test('is refused whatever its fields are called', () => {
    const value = JSON.parse('{"constructor": 1, "__proto__": {"name": 5}, "toString": null, "*": 3}') as unknown;
    expect(read(value).problems).toEqual([]);
    expect(read({ labels: { constructor: true } }).problems).toEqual([
      'fleet.labels.constructor is not a text; put it in quotes',
    ]);
  });
});
