import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { FakeClock, settle } from '../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../test/fixtures/recording-logger.ts';
import { RefreshLoop, type RefreshLoopOptions } from './refresh-loop.ts';

const INTERVAL_MS = 60_000;

interface Options extends Partial<Pick<RefreshLoopOptions, 'random'>> {
  readonly clock?: FakeClock;
  readonly turn?: (abort: AbortSignal, clock: FakeClock) => Promise<void>;
}

function build({ clock = new FakeClock(), random = () => 0, turn = () => Promise.resolve() }: Options = {}) {
  const logger = new RecordingLogger();
  const startedAt = clock.now();
  /** `all` or `new`, and when, in seconds. */
  const turns: string[] = [];
  const abort = new AbortController();
  const loop = new RefreshLoop({
    what: 'prices',
    clock,
    logger,
    random,
    intervalMs: INTERVAL_MS,
    turn: (everything, signal) => {
      turns.push(`${everything ? 'all' : 'new'} ${String((clock.now() - startedAt) / 1_000)}`);
      return turn(signal, clock);
    },
  });
  let ended = false;
  const running = loop.run(abort.signal).then(() => (ended = true));
  const stop = async (): Promise<void> => {
    abort.abort(new Error('shutting down'));
    await running;
  };
  return { clock, logger, loop, turns, abort, stop, hasEnded: () => ended };
}

describe('a refresh loop', () => {
  test('looks at everything at once, and again every interval', async () => {
    const { clock, turns, stop } = build();
    await clock.advance(2.5 * INTERVAL_MS);
    expect(turns).toEqual(['all 0', 'all 60', 'all 120']);
    await stop();
  });

  test('lengthens each interval by up to a tenth, at random', async () => {
    const numbers = [0.5, 0, 0.999_999];
    const { clock, turns, stop } = build({ random: () => numbers.shift() ?? 0 });
    await clock.advance(190_000);
    expect(turns.map((turn) => turn.replace(/(\.\d)\d+$/, '$1'))).toEqual(['all 0', 'all 63', 'all 123', 'all 188.9']);
    await stop();
  });

  test('counts the interval from the beginning of a turn', async () => {
    const { clock, turns, stop } = build({ turn: (abort, clock) => clock.sleep(20_000, abort) });
    await clock.advance(125_000);
    expect(turns).toEqual(['all 0', 'all 60', 'all 120']);
    await stop();
  });

  test('looks at what is new as soon as it is told, and keeps to its interval', async () => {
    const { clock, loop, turns, stop } = build();
    await clock.advance(10_000);
    loop.request();
    loop.request();
    await clock.advance(20_000);
    loop.request();
    await clock.advance(40_000);
    expect(turns).toEqual(['all 0', 'new 10', 'new 30', 'all 60']);
    await stop();
  });

  test('looks once more when it is told during a turn', async () => {
    const { clock, loop, turns, stop } = build({ turn: (abort, clock) => clock.sleep(5_000, abort) });
    await clock.advance(1_000);
    loop.request();
    loop.request();
    await clock.advance(20_000);
    expect(turns).toEqual(['all 0', 'new 5']);
    await stop();
  });

  test('logs a turn that fails, and goes on', async () => {
    const errors = [new Error('refused'), new TypeError('x is not a function')];
    const { clock, logger, turns, stop } = build({
      turn: () => {
        const error = errors.shift();
        return error === undefined ? Promise.resolve() : Promise.reject(error);
      },
    });
    await clock.advance(2 * INTERVAL_MS);
    expect(turns).toHaveLength(3);
    expect(logger.of('error').map(({ message, fields }) => [message, fields['what'], fields['error']])).toEqual([
      ['refreshing failed', 'prices', 'refused'],
      ['refreshing failed', 'prices', 'x is not a function'],
    ]);
    await stop();
  });

  test('goes on though a turn throws at once', async () => {
    const { clock, logger, turns, stop } = build({
      turn: () => {
        throw new TypeError('x is not a function');
      },
    });
    await clock.advance(INTERVAL_MS);
    expect([turns.length, logger.of('error').length]).toEqual([2, 2]);
    await stop();
  });

  test('ends when it is told to: while it waits, and during a turn, without a word in the log', async () => {
    const waiting = build();
    await settle();
    await waiting.stop();
    expect([waiting.hasEnded(), waiting.clock.sleeping]).toEqual([true, 0]);

    const turning = build({ turn: (abort, clock) => clock.sleep(5_000, abort) });
    await settle();
    await turning.stop();
    expect([turning.hasEnded(), turning.turns.length, turning.logger.lines.length]).toEqual([true, 1, 0]);
    expect(getEventListeners(turning.abort.signal, 'abort')).toHaveLength(0);
  });

  test('does nothing where it was told to end before', async () => {
    const turns: boolean[] = [];
    const loop = new RefreshLoop({
      ...{ what: 'prices', clock: new FakeClock(), logger: new RecordingLogger(), random: () => 0 },
      intervalMs: INTERVAL_MS,
      turn: async (everything) => void turns.push(everything),
    });
    await loop.run(AbortSignal.abort());
    expect(turns).toEqual([]);
  });

  test('takes a request for nothing that comes before it runs or after it has ended', async () => {
    const { clock, loop, turns, stop } = build();
    await clock.advance(0);
    await stop();
    loop.request();
    await clock.advance(INTERVAL_MS);
    expect(turns).toEqual(['all 0']);
  });

  test('does not stand still for hours when the clock is set back by hours', async () => {
    const clock = new SetBackOnce();
    const { turns, stop } = build({ clock });
    await clock.advance(2.5 * INTERVAL_MS);
    expect(turns).toEqual(['all 0', 'all -7140', 'all -7080']);
    await stop();
  });
});

/** While someone sleeps the time of day is set back by two hours; the sleep is none the longer. */
class SetBackOnce extends FakeClock {
  #isBack = false;

  override now(): number {
    return super.now() - (this.#isBack ? 7_200_000 : 0);
  }

  override async sleep(...args: Parameters<FakeClock['sleep']>): Promise<void> {
    const slept = super.sleep(...args);
    this.#isBack = true;
    return slept;
  }
}
