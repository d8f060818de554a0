import { describe, expect, test } from '@jest/globals';
import { describeError } from './describe-error.ts';

describe('an error in the log', () => {
  test('shows its message, its stack, and each cause once, outermost first', () => {
    const root = new Error('connect ECONNREFUSED 127.0.0.1:6443');
    const error = new Error('planning: no snapshot', { cause: new Error('listing jobs', { cause: root }) });
    expect(describeError(error)).toEqual({
      error: 'planning: no snapshot',
      causes: ['listing jobs', 'connect ECONNREFUSED 127.0.0.1:6443'],
      stack: error.stack,
    });
  });

  test('shows the first of several errors that were thrown as one', () => {
    const error = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], 'no address answered');
    expect(describeError(error)).toMatchObject({ error: 'no address answered', causes: ['::1 refused'] });
  });

  test.each([
    ['a string', 'broken', 'broken'],
    ['undefined', undefined, 'undefined'],
    ['an error without a message', new TypeError(), 'TypeError'],
    ['an object without a text', Object.create(null), 'something that has no text was thrown'],
  ])('can be %s', (_what, thrown, error) => {
    expect(describeError(thrown)).toMatchObject({ error });
  });

  test('ends, also where a cause is caused by itself', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(describeError(error).causes).toHaveLength(10);
  });
});
