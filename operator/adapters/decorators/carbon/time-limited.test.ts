import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { ScriptedCarbonSource } from '../../../../test/fixtures/scripted/scripted-carbon-source.ts';
import { HOUR_MS } from '../../../domain/units.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { timeLimited } from './time-limited.ts';

const never = new AbortController().signal;
const WHAT = ['forecast', 'history'] as const;

function build() {
  const clock = new FakeClock();
  const vendor = new ScriptedCarbonSource(clock);
  const source = timeLimited(vendor, { clock, limitMs: 10_000 });
  const interval = { startsAt: clock.now() - 2 * HOUR_MS, endsAt: clock.now() + 2 * HOUR_MS };
  const query = { zone: 'SE-SE3', signal: 'Average', interval } as const;
  return { clock, vendor, source, query };
}

describe.each(WHAT)('the %s of a source with a time limit', (what) => {
  test('is what the source says, under its name', async () => {
    const { clock, source, query } = build();
    expect([source.name, source.rung]).toEqual(['vendor', 'LiveForecast']);
    const series = await source[what](query, never);
    expect([series.source, series.samples.length, clock.sleeping]).toEqual(['vendor', 2, 0]);
  });

  test('fails as the source does', async () => {
    const { vendor, source, query } = build();
    const error = new SourceError('NotEntitled', 'not in this plan');
    vendor.next(what, error);
    await expect(source[what](query, never)).rejects.toBe(error);
  });

  test('is unavailable at the limit, also where the source is deaf', async () => {
    const { clock, vendor, source, query } = build();
    vendor.next(what, () => new Promise(() => undefined));
    const asked = expect(source[what](query, never)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'Unavailable',
      message: 'vendor gave no answer within 10 s',
    });
    await clock.advance(10_000);
    await asked;
    expect(vendor.asked[0]?.abort.aborted).toBe(true);
  });

  test('ends with its caller', async () => {
    const { clock, vendor, source, query } = build();
    vendor.next(what, () => new Promise(() => undefined));
    const caller = new AbortController();
    const asked = source[what](query, caller.signal);
    const reason = new Error('shutting down');
    caller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
  });
});
