import { describe, expect, test } from '@jest/globals';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import { parseWarnings, ServerWarnings } from './warning-header.ts';

describe('a Warning header', () => {
  test('gives its text', () => {
    expect(parseWarnings('299 - "unknown field \\"spec.typo\\""')).toEqual(['unknown field "spec.typo"']);
  });

  test('gives several, also with commas in them', () => {
    expect(parseWarnings('299 - "one, two", 299 - "three"')).toEqual(['one, two', 'three']);
  });

  test.each(['', 'nonsense', '299 - "no end'])('%j gives none', (header) => {
    expect(parseWarnings(header)).toEqual([]);
  });
});

test('the same warning is logged once', () => {
  const logger = new RecordingLogger();
  const warnings = new ServerWarnings(logger);
  for (let i = 0; i < 3; i += 1) warnings.take('299 - "v1beta1 is deprecated"', 'creating a');
  expect(logger.lines).toEqual([
    {
      level: 'warn',
      message: 'the API server warns',
      fields: { warning: 'v1beta1 is deprecated', request: 'creating a' },
    },
  ]);
});
