import { describe, expect, test } from '@jest/globals';
import { hours } from '../../../../test/builders/planning.ts';
import { settle } from '../../../../test/fixtures/fake-clock.ts';
import { InMemoryState } from '../../../../test/fixtures/scripted/in-memory-state.ts';
import { LadderWorld, remembering } from '../../../../test/fixtures/ladder/ladder-world.ts';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import { SimulatedVendor } from '../../../../test/fixtures/ladder/simulated-vendor.ts';
import { MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import { MemoryKeeper } from './memory-keeper.ts';
import { knowledgeIn, textOfKnowledge } from './memory-text.ts';

const EMPTY = textOfKnowledge({ zones: [], forecasts: [] });

/** A process that keeps what its ladder learns, on a state that may have been left by one before. */
function aProcess(state = new InMemoryState(), { name = 'vendor', startsIn = 0 } = {}) {
  const world = new LadderWorld();
  world.clock.jump(startsIn);
  const vendor = new SimulatedVendor(world.clock, { name, grams: () => 100 });
  const source = remembering(vendor, world.clock);
  world.climb(source);
  const logger = new RecordingLogger();
  const { clock, memory } = world;
  const keeper = new MemoryKeeper({ memory, sources: [source], state, clock, logger });
  const stop = new AbortController();
  return { world, clock, memory, vendor, source, state, logger, keeper, stop };
}

/** A day was learnt, and is kept. */
async function aDayThatIsKept() {
  const before = aProcess();
  await before.world.goOn(hours(24));
  const running = before.keeper.run(before.stop.signal);
  before.stop.abort();
  await running;
  return before;
}

describe('what the process before has left', () => {
  test('is taken up: neither asked nor learnt anew', async () => {
    const before = await aDayThatIsKept();
    const after = aProcess(before.state, { startsIn: hours(24) });
    await after.keeper.load(after.stop.signal);
    expect(after.memory.all()).toEqual(knowledgeIn(before.state.text ?? '').zones);
    expect(after.memory.all()[0]?.verification.came.size).toBeGreaterThan(40);
    expect((await after.world.ask()).outlook).toMatchObject({ rung: 'LiveForecast', series: { source: 'vendor' } });
    expect(after.vendor.asked).toEqual([]);
    expect(after.logger.lines).toEqual([]);
  });

  test('bridges an outage that goes on over the restart', async () => {
    const before = await aDayThatIsKept();
    const after = aProcess(before.state, { startsIn: hours(30) });
    after.vendor.forecastFails = new Error('down');
    await after.keeper.load(after.stop.signal);
    expect((await after.world.ask()).outlook?.rung).toBe('CachedForecast');
    after.clock.jump(hours(12));
    expect((await after.world.ask()).outlook?.rung).toBe('Persistence');
  });

  test('may be nothing', async () => {
    const { keeper, memory, logger, stop } = aProcess();
    await keeper.load(stop.signal);
    expect(memory.all()).toEqual([]);
    expect(logger.lines).toEqual([]);
  });

  test.each([
    ['garbage', '\u0000'],
    ['of another version', '{"version":7,"zones":[{"key":"from the future"}]}'],
    ['nothing that makes sense', '{"version":1,"zones":{"a":1}}'],
  ])('is learnt anew where it is %s, and a log line says so', async (_, text) => {
    const { keeper, memory, logger, world } = aProcess(new InMemoryState(text));
    await keeper.load(world.abort.signal);
    expect(memory.all()).toEqual([]);
    expect(logger.of('error')).toHaveLength(1);
    expect((await world.ask()).outlook?.rung).toBe('LiveForecast');
  });

  test('is learnt anew where it cannot be read', async () => {
    const { keeper, state, logger, stop } = aProcess();
    state.beforeLoad = () => {
      throw new Error('forbidden');
    };
    await keeper.load(stop.signal);
    expect(logger.of('error')).toMatchObject([{ fields: { error: expect.stringContaining('forbidden') as unknown } }]);
  });

  test('is left where it was, when the process is told to end before it has read it', async () => {
    const { keeper, state, logger, stop } = aProcess();
    state.beforeLoad = () => {
      stop.abort(new Error('stop'));
      throw new TypeError('cut off');
    };
    await expect(keeper.load(stop.signal)).rejects.toThrow('stop');
    expect(logger.lines).toEqual([]);
  });

  test('is not taken up of a source that there is no more, and so goes out of what is kept', async () => {
    const before = await aDayThatIsKept();
    const after = aProcess(before.state, { name: 'another', startsIn: hours(24) });
    await after.keeper.load(after.stop.signal);
    expect(after.memory.all()).toEqual([]);
  });

  test('is no forecast of the future, where the clock was set back', async () => {
    const before = await aDayThatIsKept();
    const after = aProcess(before.state, { startsIn: hours(20) });
    await after.keeper.load(after.stop.signal);
    expect(after.source.recall('DE', 'Average')).toBeUndefined();
    expect(after.memory.all()).toHaveLength(1);
    expect((await after.world.ask()).outlook?.series.issuedAt).toBe(after.clock.now());
  });
});

describe('a forecast that was left', () => {
  test.each([
    ['was asked for', { askedAt: hours(1), issuedAt: 0 }],
    ['was issued', { askedAt: 0, issuedAt: hours(1) }],
  ])('is not taken up where it %s in the future', async (_, { askedAt, issuedAt }) => {
    const before = await aDayThatIsKept();
    const now = before.clock.now();
    const { zones, forecasts } = knowledgeIn(before.state.text ?? '');
    const later = forecasts.map(({ series }) => ({
      askedAt: now + askedAt,
      series: { ...series, issuedAt: now + issuedAt },
    }));
    const state = new InMemoryState(textOfKnowledge({ zones, forecasts: later }));
    const after = aProcess(state, { startsIn: hours(24) });
    await after.keeper.load(after.stop.signal);
    expect(after.memory.all()).toHaveLength(1);
    expect(after.source.recall('DE', 'Average')).toBeUndefined();
  });
});

describe('what was learnt', () => {
  test('is kept every ten minutes, where there is something new', async () => {
    const { keeper, clock, state, stop, world } = aProcess();
    const running = keeper.run(stop.signal);
    await world.ask();
    await clock.advance(10 * MINUTE_MS);
    expect(state.saves).toBe(1);
    expect(knowledgeIn(state.text ?? '').forecasts).toHaveLength(1);
    await clock.advance(30 * MINUTE_MS);
    expect(state.saves).toBe(1);
    await world.ask();
    await clock.advance(10 * MINUTE_MS);
    expect(state.saves).toBe(2);
    stop.abort();
    await running;
    expect(state.saves).toBe(2);
  });

  test('is not written again where it is what was read', async () => {
    const { state } = await aDayThatIsKept();
    const after = aProcess(state, { startsIn: hours(24) });
    await after.keeper.load(after.stop.signal);
    const saves = state.saves;
    const running = after.keeper.run(after.stop.signal);
    await after.clock.advance(hours(1));
    after.stop.abort();
    await running;
    expect(state.saves).toBe(saves);
  });

  test('is kept once more when the process is told to end', async () => {
    const { keeper, state, stop, world } = aProcess();
    const running = keeper.run(stop.signal);
    await world.ask();
    stop.abort();
    await running;
    expect(knowledgeIn(state.text ?? '').forecasts).toHaveLength(1);
  });

  test('is kept all the same where a write is under way when the process is told to end', async () => {
    const { keeper, clock, state, stop, world, logger } = aProcess();
    state.beforeSave = (abort) =>
      state.saves > 1
        ? undefined
        : new Promise((_, reject) => {
            abort.addEventListener('abort', () => reject(new Error('cut off')));
          });
    const running = keeper.run(stop.signal);
    await world.ask();
    await clock.advance(10 * MINUTE_MS);
    expect(state.text).toBeUndefined();
    stop.abort();
    await running;
    expect(knowledgeIn(state.text ?? '').forecasts).toHaveLength(1);
    expect(logger.lines).toEqual([]);
  });

  test('does not keep the process from ending where it cannot be written', async () => {
    const { keeper, clock, state, stop, world, logger } = aProcess();
    state.beforeSave = () => new Promise(() => undefined);
    const running = keeper.run(stop.signal);
    await world.ask();
    stop.abort();
    await clock.advance(2 * SECOND_MS);
    await running;
    expect(logger.of('warn')).toHaveLength(1);
  });

  test('is tried again where it could not be written, and a log line says so', async () => {
    const { keeper, clock, state, stop, world, logger } = aProcess();
    state.beforeSave = () => {
      if (state.saves === 1) throw new Error('conflict');
    };
    const running = keeper.run(stop.signal);
    await world.ask();
    await clock.advance(10 * MINUTE_MS);
    expect(logger.of('warn')).toMatchObject([{ message: 'keeping what was learnt of forecasts failed' }]);
    expect(state.text).toBeUndefined();
    await clock.advance(10 * MINUTE_MS);
    expect(state.saves).toBe(2);
    expect(state.text).toBeDefined();
    expect(logger.lines).toHaveLength(1);
    stop.abort();
    await running;
  });

  test('is given up for this time by a write that hangs, and the next one goes out', async () => {
    const { keeper, clock, state, stop, world, logger } = aProcess();
    state.beforeSave = () => (state.saves === 1 ? new Promise(() => undefined) : undefined);
    const running = keeper.run(stop.signal);
    await world.ask();
    await clock.advance(11 * MINUTE_MS);
    expect(logger.of('warn')).toHaveLength(1);
    await clock.advance(10 * MINUTE_MS);
    expect(state.text).toBeDefined();
    stop.abort();
    await running;
  });

  test('is kept when the process is told to end, though the clock was set back before', async () => {
    const { keeper, clock, state, stop, world } = aProcess();
    const running = keeper.run(stop.signal);
    await settle();
    clock.jump(-hours(5));
    await world.ask();
    stop.abort();
    await running;
    expect(knowledgeIn(state.text ?? '').forecasts).toHaveLength(1);
  });

  test('is of what a site still needs: what was forgotten is kept no longer', async () => {
    const { keeper, state, stop, world } = aProcess();
    await world.ask();
    world.ladder.forget({ zone: 'DE', signal: 'Average' });
    const running = keeper.run(stop.signal);
    stop.abort();
    await running;
    expect(state.text).toBe(EMPTY);
  });
});
