import { describe, expect, test } from '@jest/globals';
import type { IntensitySample, IntensitySeries, Rung, Signal } from '../../domain/intensity.ts';
import { gramsPerKilowattHour } from '../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../ports/carbon.ts';
import { SourceError } from '../../ports/source-error.ts';
import { firstUsable } from './first-usable.ts';

const QUERY: CarbonQuery<'Average'> = { zone: 'SE-SE3', signal: 'Average', interval: { startsAt: 0, endsAt: 10 } };
const SAMPLE: IntensitySample = {
  startsAt: 0,
  endsAt: 10,
  gramsPerKilowattHour: gramsPerKilowattHour(20),
  estimated: false,
};
const NEVER = new AbortController().signal;

describe('the first usable source', () => {
  test('answers with the rung that it stands on', async () => {
    const { outlook, failures } = await firstUsable([
      answering('live', 'LiveForecast'),
      answering('typical-day', 'TypicalDay'),
    ]).ask(QUERY, NEVER);

    expect(outlook).toMatchObject({ rung: 'LiveForecast', series: { source: 'live' } });
    expect(failures).toEqual([]);
  });

  test('is found behind those that fail, whose errors are kept in order', async () => {
    const down = new SourceError('Unavailable', 'no route');
    const unknown = new SourceError('ZoneUnknown', 'never heard of it');

    const { outlook, failures } = await firstUsable([
      failing('live', down),
      failing('cached', unknown),
      answering('typical-day', 'TypicalDay'),
    ]).ask(QUERY, NEVER);

    expect(outlook?.rung).toBe('TypicalDay');
    expect(failures).toEqual([
      { source: 'live', error: down },
      { source: 'cached', error: unknown },
    ]);
  });

  test('may be none: the answer says so and says why', async () => {
    const down = new SourceError('Unavailable', 'no route');
    expect(await firstUsable([failing('live', down)]).ask(QUERY, NEVER)).toEqual({
      outlook: undefined,
      failures: [{ source: 'live', error: down }],
    });
    expect(await firstUsable([]).ask(QUERY, NEVER)).toEqual({ outlook: undefined, failures: [] });
  });

  test('is not one that answers without a sample', async () => {
    const { outlook, failures } = await firstUsable([answering('empty', 'LiveForecast', [])]).ask(QUERY, NEVER);

    expect(outlook).toBeUndefined();
    expect(failures[0]?.error.code).toBe('NoData');
  });

  test('is asked even after a fault in another one, which is kept as the cause', async () => {
    const fault = new TypeError('x is not a function');

    const { outlook, failures } = await firstUsable([
      failing('faulty', fault),
      answering('typical-day', 'TypicalDay'),
    ]).ask(QUERY, NEVER);

    expect(outlook?.rung).toBe('TypicalDay');
    expect(failures[0]?.error).toMatchObject({ code: 'Unavailable', cause: fault });
  });

  test('is no longer looked for once the caller has gone', async () => {
    const caller = new AbortController();
    const leaves: CarbonSource = {
      ...failing('live', new SourceError('Unavailable', 'cut off')),
      forecast: () => {
        caller.abort(new Error('shutting down'));
        return Promise.reject(new SourceError('Unavailable', 'cut off'));
      },
    };

    const asked = firstUsable([leaves, answering('typical-day', 'TypicalDay')]).ask(QUERY, caller.signal);

    await expect(asked).rejects.toThrow('shutting down');
  });
});

function answering(name: string, rung: Rung, samples: readonly IntensitySample[] = [SAMPLE]): CarbonSource {
  return {
    name,
    rung,
    forecast: <S extends Signal>({ zone, signal }: CarbonQuery<S>): Promise<IntensitySeries<S>> =>
      Promise.resolve({
        zone,
        signal,
        scope: 'Lifecycle',
        perspective: 'Forecast',
        synthetic: rung === 'TypicalDay',
        source: name,
        issuedAt: 0,
        samples,
      }),
  };
}

function failing(name: string, error: Error): CarbonSource {
  return { name, rung: 'LiveForecast', forecast: () => Promise.reject(error) };
}
