import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anOutcome, onRung, siteNamed } from '../../../test/builders/demo.ts';
import { eventually } from '../../../test/fixtures/eventually.ts';
import { ProviderOutage } from './outage.ts';
import { ProviderFeed } from './provider-feed.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function anOutage(plan: { fromMs: number; untilMs: number }) {
  const directory = await mkdtemp(join(tmpdir(), 'sunward-outage-'));
  opened.push(() => rm(directory, { recursive: true }));
  const scene = { directory, hour: 3_000, now: () => 0, isToFail: true };
  const feed = await ProviderFeed.open({ source: 'electricity-maps', ...scene });
  opened.push(() => feed.close());
  const { record } = anOutcome();
  return {
    record,
    outage: new ProviderOutage(feed, plan, record),
    end: new AbortController(),
    abort: new AbortController(),
  };
}

test('it is over once every site has a live forecast again', async () => {
  const { record, outage, end, abort } = await anOutage({ fromMs: 0, untilMs: 0 });
  record.takeSite(onRung(siteNamed('paris'), 'TypicalDay', 'typical-day'), 1);
  const running = outage.run(Date.now(), end.signal, abort.signal);
  const isBack = (): boolean => record.journal.some(({ text }) => text === 'electricity-maps answers again');
  await eventually('the provider is back', isBack);
  expect(outage.isUnderWay).toBe(true);
  // The day is over, and the outage is seen through all the same.
  end.abort();
  record.takeSite(onRung(siteNamed('paris'), 'LiveForecast', 'electricity-maps'), 2);
  await running;
  expect(outage.isUnderWay).toBe(false);
  const { startsAt = NaN, endsAt = NaN, recoveredAt = NaN } = outage.seen ?? {};
  expect([startsAt <= endsAt, endsAt <= recoveredAt]).toEqual([true, true]);
});

test('there is none where the day is over before', async () => {
  const { record, outage, end, abort } = await anOutage({ fromMs: 3_600_000, untilMs: 3_610_000 });
  const running = outage.run(Date.now(), end.signal, abort.signal);
  end.abort();
  await running;
  expect([outage.seen, outage.isUnderWay, record.journal]).toEqual([undefined, false, []]);
});

test('it ends with the demo', async () => {
  const { outage, end, abort } = await anOutage({ fromMs: 0, untilMs: 3_600_000 });
  const running = outage.run(Date.now(), end.signal, abort.signal);
  await eventually('it has begun', () => outage.isUnderWay);
  abort.abort();
  await expect(running).rejects.toThrow('aborted');
  expect(outage.isUnderWay).toBe(false);
});
