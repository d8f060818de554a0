import { describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import type { LogLevel } from './logger.ts';

function build(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: createLogger({ level, destination }), lines };
}

describe('the logger', () => {
  test('writes one JSON object a line: time, level, message, fields', () => {
    const { logger, lines } = build();
    logger.info('job planned', { job: 'research/llama', startsInMs: 5 });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        message: 'job planned',
        job: 'research/llama',
        startsInMs: 5,
      },
    ]);
  });

  test('leaves out what is below its level', () => {
    const { logger, lines } = build('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines.map(({ message }) => message)).toEqual(['c', 'd']);
  });

  test('gives the fields of a child to each of its lines', () => {
    const { logger, lines } = build();
    logger.child({ controller: 'jobs' }).child({ key: 'a' }).warn('late', { byMs: 3 });
    expect(lines[0]).toMatchObject({ controller: 'jobs', key: 'a', byMs: 3, message: 'late' });
  });

  test('writes an error as its message and those of its causes', () => {
    const { logger, lines } = build();
    const cause = new Error('connection refused');
    logger.error('listing failed', { error: new Error('listing jobs', { cause }) });
    logger.error('listing failed', { error: 'already words' });
    expect(lines.map(({ error }) => error)).toEqual(['listing jobs: connection refused', 'already words']);
  });

  test('never shows a secret', () => {
    const { logger, lines } = build();
    logger.info('a', { token: 'abc', headers: { authorization: 'Bearer abc' }, deep: { user: { password: 'abc' } } });
    expect(JSON.stringify(lines)).not.toContain('abc');
    expect(lines[0]).toMatchObject({ token: '[redacted]' });
  });
});
