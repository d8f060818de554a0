import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock, settle } from '../../../../test/fixtures/fake-clock.ts';
import { ScriptedCarbonSource, type CarbonOutcome } from '../../../../test/fixtures/scripted/scripted-carbon-source.ts';
import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { SOURCE_ERROR_CODES, SourceError, type SourceErrorCode } from '../../../ports/source-error.ts';
import { RememberedSource } from './remembered.ts';

const never = new AbortController().signal;
const INTERVAL_MS = 5 * MINUTE_MS;
const LASTING: readonly SourceErrorCode[] = [
  'ZoneUnknown',
  'SignalUnsupported',
  'ForecastUnsupported',
  'HistoryUnsupported',
  'NotEntitled',
];
const UNASKED: readonly SourceErrorCode[] = ['BudgetSpent', 'CircuitOpen'];
const PASSING = SOURCE_ERROR_CODES.filter((code) => ![...LASTING, ...UNASKED].includes(code));

function build({ refreshMs = 0.9 * INTERVAL_MS }: { refreshMs?: number } = {}) {
  const clock = new FakeClock();
  const vendor = new ScriptedCarbonSource(clock);
  const source = new RememberedSource(vendor, { clock, refreshMs });
  const query = <S extends Signal = 'Average'>(zone = 'SE-SE3', signal = 'Average' as S) => ({
    zone,
    signal,
    interval: { startsAt: clock.now() - HOUR_MS, endsAt: clock.now() + 24 * HOUR_MS },
  });
  const forecast = (zone?: string, signal?: Signal) => said(source.forecast(query(zone, signal), never));
  const history = (zone?: string, signal?: Signal) => said(source.history(query(zone, signal), never));
  /** One turn of the ladder: what came where it is due, then what is expected. */
  const turn = async (zone = 'SE-SE3') => {
    if (source.historyIsDue(zone, 'Average')) await history(zone);
    return forecast(zone);
  };
  return { clock, vendor, source, query, forecast, history, turn };
}

/** The number of the question that the figures came with, or the code of the error. */
async function said(asked: Promise<IntensitySeries>): Promise<number | string> {
  try {
    const { samples } = await asked;
    return samples[0]?.gramsPerKilowattHour ?? NaN;
  } catch (error) {
    return error instanceof SourceError ? error.code : `no SourceError: ${String(error)}`;
  }
}

describe('a remembered source', () => {
  test('bears the name and the rung of the vendor', () => {
    const { source } = build();
    expect([source.name, source.rung]).toEqual(['vendor', 'LiveForecast']);
  });

  test('asks about a zone once an interval', async () => {
    const { clock, vendor, forecast } = build();
    expect([await forecast(), await forecast()]).toEqual([1, 1]);
    await clock.advance(0.9 * INTERVAL_MS - 1);
    expect(await forecast()).toBe(1);
    await clock.advance(1);
    expect(await forecast()).toBe(2);
    expect(vendor.questions).toEqual(['forecast', 'forecast']);
  });

  test('asks about each zone and each signal for itself', async () => {
    const { vendor, forecast } = build();
    await forecast('SE-SE3');
    await forecast('DE');
    await forecast('DE', 'Marginal');
    await forecast('DE', 'Marginal');
    expect(vendor.asked.map(({ zone, signal }) => `${zone} ${signal}`)).toEqual([
      'SE-SE3 Average',
      'DE Average',
      'DE Marginal',
    ]);
  });

  test('asks every time where it is told to, after failures that last as well', async () => {
    const { vendor, forecast } = build({ refreshMs: 0 });
    vendor.next('forecast', 'OK', 'ZoneUnknown', 'Unavailable');
    expect([await forecast(), await forecast(), await forecast(), await forecast()]).toEqual([
      ...[1, 'ZoneUnknown', 'Unavailable', 4],
    ]);
  });

  test('asks once for 50 that ask at once, and answers each', async () => {
    const { vendor, forecast } = build();
    expect(await Promise.all(Array.from({ length: 50 }, () => forecast()))).toEqual(Array(50).fill(1));
    expect(vendor.asked).toHaveLength(1);
  });

  test('asks on for those that wait when one of them goes away, and stops when none is left', async () => {
    const { vendor, source, query } = build();
    vendor.next('forecast', () => new Promise(() => undefined));
    const callers = Array.from({ length: 3 }, () => new AbortController());
    const asked = callers.map(({ signal }) =>
      source.forecast(query(), signal).catch((error: unknown) => (error as Error).message),
    );
    for (const [k, caller] of callers.entries()) {
      expect(vendor.asked[0]?.abort.aborted).toBe(false);
      caller.abort(new Error(`gone ${String(k)}`));
      expect(await asked[k]).toBe(`gone ${String(k)}`);
    }
    expect(vendor.asked[0]?.abort.aborted).toBe(true);
  });

  test('learns nothing from a question that nobody waited for', async () => {
    const { vendor, source, query, forecast } = build();
    vendor.next(
      'forecast',
      (abort) =>
        new Promise((_, reject) => {
          abort.addEventListener('abort', () => {
            reject(new SourceError('Unavailable', 'canceled'));
          });
        }),
    );
    const caller = new AbortController();
    const asked = said(source.forecast(query(), caller.signal));
    await settle();
    caller.abort(new Error('gone'));
    expect(await asked).toBe('no SourceError: Error: gone');
    await settle();
    expect(await forecast()).toBe(2);
  });

  test('answers no more than is asked for, from memory as well', async () => {
    const { clock, vendor, source, query } = build();
    const wide = query();
    await source.forecast(wide, never);
    const interval = { startsAt: clock.now() + 90 * MINUTE_MS, endsAt: clock.now() + 3 * HOUR_MS };
    const { samples } = await source.forecast({ ...wide, interval }, never);
    expect([samples.length, samples[0]?.startsAt, samples.at(-1)?.endsAt]).toEqual([
      2,
      interval.startsAt,
      interval.endsAt,
    ]);
    const beyond = { startsAt: wide.interval.endsAt, endsAt: wide.interval.endsAt + HOUR_MS };
    await expect(source.forecast({ ...wide, interval: beyond }, never)).rejects.toMatchObject({
      code: 'NoData',
      message: 'what vendor said of zone SE-SE3 does not reach the time asked for',
    });
    expect(vendor.asked).toHaveLength(1);
  });

  test('does not take for young what a clock that was set back makes young', async () => {
    const { clock, forecast } = build();
    await forecast();
    clock.jump(-HOUR_MS);
    expect(await forecast()).toBe(2);
  });
});

describe('of failures a remembered source', () => {
  test.each(PASSING)('remembers %s for an interval', async (code) => {
    const { clock, vendor, forecast } = build();
    vendor.next('forecast', code);
    expect([await forecast(), await forecast()]).toEqual([code, code]);
    await clock.advance(0.9 * INTERVAL_MS);
    expect(await forecast()).toBe(2);
  });

  test.each(LASTING)('remembers %s for an hour: it lasts, but plans change', async (code) => {
    const { clock, vendor, forecast } = build();
    vendor.next('forecast', code);
    expect(await forecast()).toBe(code);
    await clock.advance(HOUR_MS - 1);
    expect(await forecast()).toBe(code);
    await clock.advance(1);
    expect(await forecast()).toBe(2);
  });

  test.each(UNASKED)('does not remember %s: nobody was asked', async (code) => {
    const { vendor, forecast } = build();
    vendor.next('forecast', code, code);
    expect([await forecast(), await forecast(), await forecast()]).toEqual([code, code, 3]);
  });

  test('remembers a fault of ours as one of the vendor, with what it was', async () => {
    const { vendor, source, query, forecast } = build();
    const fault = new TypeError('x is not a function');
    vendor.next('forecast', fault);
    await expect(source.forecast(query(), never)).rejects.toMatchObject({ code: 'Unavailable', cause: fault });
    expect([await forecast(), vendor.asked.length]).toEqual(['Unavailable', 1]);
  });

  test('asks once for all that ask at once', async () => {
    const { vendor, forecast } = build();
    vendor.next('forecast', 'Unavailable');
    const all = await Promise.all(Array.from({ length: 50 }, () => forecast()));
    expect([new Set(all), vendor.asked.length]).toEqual([new Set(['Unavailable']), 1]);
  });
});

describe('the last forecast', () => {
  test('outlives failures, as it came and with the time that it was asked for', async () => {
    const { clock, vendor, source, forecast } = build();
    const askedAt = clock.now();
    await forecast();
    vendor.next('forecast', 'Unavailable', 'NotEntitled');
    for (let k = 0; k < 2; k++) {
      await clock.advance(INTERVAL_MS);
      await forecast();
    }
    const remembered = source.recall('SE-SE3', 'Average');
    expect(remembered).toMatchObject({ askedAt, series: { zone: 'SE-SE3', signal: 'Average', issuedAt: askedAt } });
    expect(remembered?.series.samples).toHaveLength(24);
    expect(source.recall('SE-SE3', 'Marginal')).toBeUndefined();
    expect(source.recall('DE', 'Average')).toBeUndefined();
  });

  test('is not what came', async () => {
    const { source, history } = build();
    await history();
    expect(source.recall('SE-SE3', 'Average')).toBeUndefined();
  });

  test('is taken up by the next process, which asks when the interval is over', async () => {
    const before = build();
    await before.forecast();
    const after = build();
    after.clock.jump(before.clock.now() - after.clock.now());
    after.source.restore(before.source.recall('SE-SE3', 'Average')!);
    await after.clock.advance(0.9 * INTERVAL_MS - 1);
    expect([await after.forecast(), after.vendor.asked.length]).toEqual([1, 0]);
    await after.clock.advance(1);
    await after.forecast();
    expect(after.vendor.questions).toEqual(['forecast']);
    expect(after.source.recall('SE-SE3', 'Average')?.askedAt).toBe(after.clock.now());
  });

  test('that is old when it is taken up stands for nothing live, but is there to be recalled', async () => {
    const before = build();
    await before.forecast();
    const after = build();
    after.source.restore(before.source.recall('SE-SE3', 'Average')!);
    await after.clock.advance(6 * HOUR_MS);
    after.vendor.next('forecast', 'Unavailable');
    expect(after.source.historyIsDue('SE-SE3', 'Average')).toBe(false);
    expect(await after.forecast()).toBe('Unavailable');
    expect(after.source.recall('SE-SE3', 'Average')?.series.samples).toHaveLength(24);
  });

  test('is forgotten with its zone', async () => {
    const { vendor, source, forecast } = build();
    await forecast('DE');
    await forecast('SE-SE3');
    source.forget('DE', 'Average');
    expect(source.recall('DE', 'Average')).toBeUndefined();
    expect(source.historyIsDue('DE', 'Average')).toBe(false);
    expect([await forecast('DE'), await forecast('SE-SE3')]).toEqual([3, 2]);
    expect(vendor.asked).toHaveLength(3);
  });
});

describe('what came', () => {
  test('is due an interval after the first forecast, and then once an hour', async () => {
    const { clock, vendor, turn } = build();
    for (let k = 0; k < 27; k++) {
      await turn();
      await clock.advance(INTERVAL_MS);
    }
    expect(vendor.questions.map((what, k) => (what === 'history' ? k : -1)).filter((k) => k >= 0)).toEqual([
      ...[1, 13, 25],
    ]);
    expect(vendor.asked).toHaveLength(27);
  });

  test('takes the turn of a forecast, which is then that of the interval before', async () => {
    const { clock, vendor, turn } = build();
    expect(await turn()).toBe(1);
    await clock.advance(INTERVAL_MS);
    expect([await turn(), await turn()]).toEqual([1, 1]);
    expect(vendor.questions).toEqual(['forecast', 'history']);
    await clock.advance(INTERVAL_MS);
    expect(await turn()).toBe(3);
  });

  test('takes that turn also where it fails, and is due again an hour later', async () => {
    const { clock, vendor, turn, history } = build();
    await turn();
    await clock.advance(INTERVAL_MS);
    vendor.next('history', 'Unavailable');
    expect(await turn()).toBe(1);
    expect(vendor.questions).toEqual(['forecast', 'history']);
    expect(await history()).toBe('Unavailable');
    for (let k = 0; k < 13; k++) {
      await clock.advance(INTERVAL_MS);
      expect(typeof (await turn())).toBe('number');
    }
    expect(vendor.questions.filter((what) => what === 'history')).toHaveLength(2);
  });

  test('leaves the turn to the forecast where nobody was asked, and comes after it', async () => {
    const { clock, vendor, turn } = build();
    await turn();
    await clock.advance(INTERVAL_MS);
    vendor.next('history', 'CircuitOpen');
    expect(await turn()).toBe(3);
    await clock.advance(INTERVAL_MS);
    await turn();
    expect(vendor.questions).toEqual(['forecast', 'history', 'forecast', 'history']);
  });

  test('waits while there is no forecast, or only an old one: that comes first', async () => {
    const { clock, vendor, source, turn } = build();
    expect(source.historyIsDue('SE-SE3', 'Average')).toBe(false);
    vendor.next('forecast', 'Unavailable');
    await turn();
    await clock.advance(INTERVAL_MS);
    expect(source.historyIsDue('SE-SE3', 'Average')).toBe(false);
    await turn();
    await clock.advance(2 * INTERVAL_MS);
    expect(source.historyIsDue('SE-SE3', 'Average')).toBe(false);
    expect(vendor.questions).toEqual(['forecast', 'forecast']);
  });

  test('is asked for where the vendor never has a forecast: persistence lives on it', async () => {
    const { clock, vendor, turn } = build();
    vendor.next('forecast', ...Array<CarbonOutcome>(3).fill('SignalUnsupported'));
    for (let k = 0; k < 26; k++) {
      expect(await turn()).toBe('SignalUnsupported');
      await clock.advance(INTERVAL_MS);
    }
    expect(vendor.questions).toEqual(['forecast', 'history', 'forecast', 'history', 'forecast', 'history']);
  });

  test('never keeps a forecast for long, whoever asks for it out of its turn', async () => {
    const { clock, vendor, forecast, history } = build();
    await forecast();
    await clock.advance(3 * INTERVAL_MS);
    await history();
    expect(await forecast()).toBe(3);
    expect(vendor.questions).toEqual(['forecast', 'history', 'forecast']);
  });

  test('is answered from memory for an hour', async () => {
    const { clock, vendor, history } = build();
    expect([await history(), await history()]).toEqual([1, 1]);
    await clock.advance(HOUR_MS - 1);
    expect(await history()).toBe(1);
    await clock.advance(1);
    expect(await history()).toBe(2);
    expect(vendor.asked).toHaveLength(2);
  });
});

test('whatever comes, and whenever it is asked, the vendor is asked at most once an interval', async () => {
  const outcomes = fc.constantFrom<CarbonOutcome>('OK', 'OK', ...PASSING, ...LASTING, new TypeError('of ours'));
  const step = fc.record({
    passMs: fc.oneof(fc.integer({ min: 0, max: 2 * INTERVAL_MS }), fc.constant(INTERVAL_MS), fc.constant(HOUR_MS)),
    forecast: outcomes,
    history: outcomes,
    atOnce: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, vendor, turn } = build();
      for (const { passMs, forecast, history, atOnce } of steps) {
        clock.jump(passMs);
        vendor.next('forecast', forecast);
        vendor.next('history', history);
        await Promise.all(Array.from({ length: atOnce }, () => turn()));
      }
      const times = vendor.asked.map(({ at }) => at);
      times.forEach((at, k) => {
        expect(at - (times[k - 1] ?? -Infinity)).toBeGreaterThanOrEqual(0.9 * INTERVAL_MS);
      });
    }),
    { numRuns: 200 },
  );
});
