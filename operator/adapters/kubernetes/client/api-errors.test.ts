import { describe, expect, test } from '@jest/globals';
import { refusal, unanswered, watchRefusal } from './api-errors.ts';

const NOW = Date.UTC(2026, 2, 21, 12);
const answer = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('a refusal', () => {
  test('says what was asked, and what the server said', () => {
    const status = { kind: 'Status', code: 409, reason: 'AlreadyExists', message: 'jobs.batch "llama" already exists' };
    const error = refusal('creating jobs.batch research/llama', answer(409, status), NOW);
    expect(error.message).toBe('creating jobs.batch research/llama: jobs.batch "llama" already exists (HTTP 409)');
    expect([error.status, error.reason]).toEqual([409, 'AlreadyExists']);
  });

  test('keeps the causes, so that a conflict names its fields', () => {
    const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "u"', field: '.spec.suspend' }];
    const status = { kind: 'Status', reason: 'Conflict', message: 'Apply failed', details: { causes } };
    expect(refusal('applying', answer(409, status), NOW).causes).toEqual(causes);
  });

  test('by a proxy that speaks no JSON has the reason of its status and an excerpt', () => {
    const error = refusal('getting', answer(503, `<html>${'x'.repeat(1_000)}`), NOW);
    expect(error.reason).toBe('ServiceUnavailable');
    expect(error.message.length).toBeLessThan(250);
    expect(refusal('getting', answer(418, ''), NOW).message).toBe('getting: no message (HTTP 418)');
    expect(refusal('getting', answer(418, ''), NOW).reason).toBe('Http418');
  });

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['Sat, 21 Mar 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
  ])('with Retry-After %j is to be retried after %p ms', (header, retryAfterMs) => {
    expect(refusal('getting', answer(429, '', { 'retry-after': header }), NOW).retryAfterMs).toBe(retryAfterMs);
  });

  test('may say in its body when to come back', () => {
    const status = { kind: 'Status', reason: 'ServerTimeout', details: { retryAfterSeconds: 3 } };
    expect(refusal('getting', answer(504, status), NOW).retryAfterMs).toBe(3_000);
  });
});

describe('an ERROR event', () => {
  test('is the Status that it carries', () => {
    const error = watchRefusal('watching things', { code: 410, reason: 'Expired', message: 'too old' });
    expect([error.status, error.reason, error.message]).toEqual([410, 'Expired', 'watching things: too old']);
  });

  test.each([undefined, null, {}])('with %j is an error of the server', (object) => {
    expect(watchRefusal('watching things', object)).toMatchObject({ status: 500, reason: 'InternalError' });
  });
});

test('a request without an answer keeps its cause', () => {
  const cause = new Error('connect ECONNREFUSED');
  const error = unanswered('listing things', 'Unreachable', cause);
  expect(error).toMatchObject({
    status: 0,
    reason: 'Unreachable',
    message: 'listing things: connect ECONNREFUSED',
    cause,
  });
});
