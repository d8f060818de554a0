import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { settle } from '../../test/fixtures/fake-clock.ts';
import { SingleFlight } from './single-flight.ts';

const never = new AbortController().signal;

/** Work that the test ends when it likes; it is deaf. */
function work() {
  const begun: { abort: AbortSignal; land: (result: string) => void; fail: (error: Error) => void }[] = [];
  const run = (abort: AbortSignal): Promise<string> =>
    new Promise((land, fail) => {
      begun.push({ abort, land, fail });
    });
  return { begun, run };
}

describe('a single flight', () => {
  test('does the work once for all that ask while it is under way, and again for who asks after', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const asked = Array.from({ length: 50 }, () => flights.do('zone', run, never));
    expect(begun).toHaveLength(1);
    begun[0]?.land('answer');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['answer']));
    const later = flights.do('zone', run, never);
    expect(begun).toHaveLength(2);
    begun[1]?.land('another');
    expect(await later).toBe('another');
  });

  test('keeps keys apart', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const asked = ['a', 'b'].map((key) => flights.do(key, run, never));
    begun[1]?.land('of b');
    begun[0]?.land('of a');
    expect(await Promise.all(asked)).toEqual(['of a', 'of b']);
  });

  test('fails for all with the same error, and is over then', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const asked = Array.from({ length: 3 }, () => flights.do('zone', run, never).catch((error: unknown) => error));
    const error = new Error('refused');
    begun[0]?.fail(error);
    expect(await Promise.all(asked)).toEqual([error, error, error]);
    void flights.do('zone', run, never);
    expect(begun).toHaveLength(2);
  });

  test('leaves nothing behind where the work throws at once', async () => {
    const flights = new SingleFlight<string>();
    const fault = new TypeError('x is not a function');
    const broken = (): Promise<string> => {
      throw fault;
    };
    await expect(flights.do('zone', broken, never)).rejects.toBe(fault);
    await expect(flights.do('zone', () => Promise.resolve('answer'), never)).resolves.toBe('answer');
  });

  test('goes on for the others when one goes away, at once and with its reason', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = flights.do('zone', run, first.signal);
    const stays = flights.do('zone', run, second.signal);
    const reason = new Error('shutting down');
    first.abort(reason);
    await expect(gone).rejects.toBe(reason);
    expect(begun[0]?.abort.aborted).toBe(false);
    begun[0]?.land('answer');
    expect(await stays).toBe('answer');
  });

  test('ends the work when nobody waits any more; who asks then begins anew, whatever the old one still does', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const caller = new AbortController();
    const gone = flights.do('zone', run, caller.signal);
    const reason = new Error('shutting down');
    caller.abort(reason);
    await expect(gone).rejects.toBe(reason);
    expect(begun[0]?.abort.reason).toBe(reason);
    const later = flights.do('zone', run, never);
    expect(begun).toHaveLength(2);
    begun[0]?.land('too late');
    begun[1]?.land('answer');
    expect(await later).toBe('answer');
  });

  test('that fails when nobody waits any more is no fault of the process', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    const caller = new AbortController();
    const gone = flights.do('zone', run, caller.signal).catch((error: unknown) => error);
    const reason = new Error('shutting down');
    caller.abort(reason);
    expect(await gone).toBe(reason);
    begun[0]?.fail(new Error('canceled'));
    // A rejection that nobody takes would fail this test.
    await settle();
  });

  test('does not begin for a caller that is gone', async () => {
    const flights = new SingleFlight<string>();
    const { begun, run } = work();
    await expect(flights.do('zone', run, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(begun).toHaveLength(0);
  });

  test('leaves no listener on a signal that lives on', async () => {
    const flights = new SingleFlight<string>();
    const { signal } = new AbortController();
    for (let k = 0; k < 30; k++) {
      await flights.do('zone', () => Promise.resolve('answer'), signal);
      await flights.do('zone', () => Promise.reject(new Error('refused')), signal).catch(() => undefined);
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
