import { expect, test } from '@jest/globals';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { atHour, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { Signal } from '../../domain/intensity.ts';
import type { CarbonQuery, CarbonSource } from '../../ports/carbon.ts';
import { firstUsable } from './first-usable.ts';
import { timeLimited } from './time-limited.ts';

const query: CarbonQuery<'Average'> = {
  zone: 'DE',
  signal: 'Average',
  interval: { startsAt: MIDNIGHT, endsAt: atHour(24) },
};

/** It neither answers nor heeds its signal, like a file on a disk that is gone. */
const hanging: CarbonSource = {
  name: 'file',
  rung: 'LiveForecast',
  forecast: () => new Promise(() => undefined),
};
const typical = {
  name: 'typical-day',
  rung: 'TypicalDay',
  forecast: <S extends Signal>() =>
    Promise.resolve(series([100]) as never as Awaited<ReturnType<typeof hanging.forecast<S>>>),
} satisfies CarbonSource;

test('a source that never answers gives way to the next rung after its time', async () => {
  const clock = new FakeClock(MIDNIGHT);
  const ladder = firstUsable([timeLimited(hanging, { clock, limitMs: 10_000 }), typical]);
  const asked = ladder.ask(query, new AbortController().signal);
  await clock.advance(10_000);
  expect(await asked).toMatchObject({
    outlook: { rung: 'TypicalDay' },
    failures: [{ source: 'file', error: { code: 'Unavailable', message: 'asking file: no answer within 10000 ms' } }],
  });
});

test('it ends at once when the process is told to stop', async () => {
  const stop = new AbortController();
  const clock = new FakeClock(MIDNIGHT);
  const asked = timeLimited(hanging, { clock, limitMs: 10_000 }).forecast(query, stop.signal);
  const ended = expect(asked).rejects.toThrow('SIGTERM');
  await settle();
  stop.abort(new Error('SIGTERM'));
  await ended;
});
