import { describe, expect, test } from '@jest/globals';
import { objectKey, parseObjectKey } from './object-key.ts';

describe('the key of an object', () => {
  test('names namespace and name', () => {
    expect(objectKey({ namespace: 'research', name: 'llama' })).toBe('research/llama');
  });

  test('is the name alone for what has no namespace', () => {
    expect(objectKey({ name: 'stockholm' })).toBe('stockholm');
    expect(objectKey({ namespace: '', name: 'stockholm' })).toBe('stockholm');
  });

  test.each([{ namespace: 'research', name: 'llama' }, { name: 'stockholm' }])('leads back to %j', (ref) => {
    expect(parseObjectKey(objectKey(ref))).toEqual(ref);
  });
});
