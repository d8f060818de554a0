import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { A_REQUEST, ScriptedHttp } from '../../../../test/fixtures/scripted/scripted-http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { timeLimited } from './time-limited.ts';

const never = new AbortController().signal;

function build() {
  const clock = new FakeClock();
  const inner = new ScriptedHttp();
  return { clock, inner, http: timeLimited(inner, { clock, limitMs: 8_000 }) };
}

describe('a request with a time limit', () => {
  test('gives its reply', async () => {
    const { clock, http } = build();
    await expect(http.getJson(A_REQUEST, never)).resolves.toMatchObject({ body: { is: 'the reply' } });
    expect(clock.sleeping).toBe(0);
  });

  test('gives its error as it is', async () => {
    const { inner, http } = build();
    const error = new SourceError('NoData', 'not published yet');
    inner.next(error);
    await expect(http.getJson(A_REQUEST, never)).rejects.toBe(error);
  });

  test('is unavailable at the limit, also where the request is deaf, and says who was asked and how long', async () => {
    const { clock, inner, http } = build();
    inner.holdNext({ deaf: true });
    const asked = expect(http.getJson(A_REQUEST, never)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'Unavailable',
      message: 'vendor at https://vendor.example/v1 gave no whole answer within 8 s',
    });
    await clock.advance(7_999);
    expect(inner.signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    await asked;
    expect(inner.signals[0]?.aborted).toBe(true);
  });

  test('ends with its caller, for the reason that the caller gives', async () => {
    const { clock, inner, http } = build();
    inner.holdNext({ deaf: true });
    const caller = new AbortController();
    const asked = http.getJson(A_REQUEST, caller.signal);
    const reason = new Error('shutting down');
    caller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
  });
});
