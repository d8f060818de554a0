import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { A_REQUEST, ScriptedHttp } from '../../../../test/fixtures/scripted/scripted-http.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { ProviderMetrics } from '../../../telemetry/provider-metrics.ts';
import { measured } from './measured.ts';

const never = new AbortController().signal;
const SKEW = 'sunward_provider_clock_skew_seconds{provider="vendor"}';
const NOON = Date.UTC(2026, 2, 21, 12);

function build() {
  const clock = new FakeClock(NOON);
  const registry = new Registry();
  const inner = new ScriptedHttp();
  const http = measured(inner, { clock, metrics: new ProviderMetrics(registry) });
  return { clock, registry, inner, http };
}

/** What the provider's clock is found to be ahead by, in a reply that took so long. */
async function skewOf({ serverTime, tookMs }: { serverTime: EpochMs | undefined; tookMs: number }) {
  const { clock, registry, inner, http } = build();
  inner.next(() => {
    clock.jump(tookMs);
    return Promise.resolve({ body: {}, serverTime });
  });
  await http.getJson(A_REQUEST, never);
  const text = await registry.metrics();
  return text.split('\n').find((line) => line.startsWith(SKEW));
}

describe('measured requests', () => {
  test('are counted and timed by provider and by what came of them', async () => {
    const { clock, registry, inner, http } = build();
    inner.next(() => {
      clock.jump(2_000);
      return Promise.resolve({ body: {}, serverTime: undefined });
    }, 'QuotaExceeded');
    await http.getJson(A_REQUEST, never);
    await expect(http.getJson(A_REQUEST, never)).rejects.toMatchObject({ code: 'QuotaExceeded' });
    const text = await registry.metrics();
    expect(text).toContain('sunward_provider_requests_total{provider="vendor",code="OK"} 1\n');
    expect(text).toContain('sunward_provider_requests_total{provider="vendor",code="QuotaExceeded"} 1\n');
    expect(text).toContain('sunward_provider_request_seconds_sum{provider="vendor"} 2\n');
    expect(text).toContain('sunward_provider_request_seconds_count{provider="vendor"} 2\n');
  });

  test('count as unavailable where the fault is none that the port names', async () => {
    const { registry, inner, http } = build();
    const fault = new TypeError('x is not a function');
    inner.next(fault);
    await expect(http.getJson(A_REQUEST, never)).rejects.toBe(fault);
    expect(await registry.metrics()).toContain('{provider="vendor",code="Unavailable"} 1\n');
  });

  test('don’t count where the caller went away: that says nothing of the provider', async () => {
    const { registry, inner, http } = build();
    const caller = new AbortController();
    inner.holdNext();
    const asked = http.getJson(A_REQUEST, caller.signal);
    caller.abort(new Error('shutting down'));
    await expect(asked).rejects.toThrow('shutting down');
    expect(await registry.metrics()).not.toContain('provider="vendor"');
  });
});

describe('the clock of a provider', () => {
  test.each([
    ['agrees, by a reply at once', { serverTime: NOON, tookMs: 20 }, 0],
    ['agrees, though the second that it tells began before the question', { serverTime: NOON - 900, tookMs: 20 }, 0],
    ['agrees, when it tells the time at the end of a slow answer', { serverTime: NOON + 7_000, tookMs: 7_000 }, 0],
    ['is ahead by what not even the slow answer explains', { serverTime: NOON + 67_000, tookMs: 7_000 }, 60],
    ['is behind', { serverTime: NOON - 60_000, tookMs: 7_000 }, -59],
  ])('%s', async (_, reply, ahead) => {
    expect(await skewOf(reply)).toBe(`${SKEW} ${String(ahead)}`);
  });

  test('is not judged where it does not tell the time', async () => {
    expect(await skewOf({ serverTime: undefined, tookMs: 20 })).toBeUndefined();
  });
});
