import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import type { Clock, DurationMs } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesApi } from '../../ports/kubernetes-api.ts';
import { LeaderMetrics } from '../../telemetry/leader-metrics.ts';
import { runAsLeader } from './leader-election.ts';

const never = new AbortController().signal;

/** A clock that shows another time and runs at another rate than the true one. */
class SkewedClock implements Clock {
  readonly #true: FakeClock;
  readonly #offsetMs: DurationMs;
  readonly #rate: number;
  readonly #start: number;

  constructor(trueClock: FakeClock, offsetMs: DurationMs, rate: number) {
    this.#true = trueClock;
    this.#offsetMs = offsetMs;
    this.#rate = rate;
    this.#start = trueClock.now();
  }

  now(): number {
    return this.#start + this.#offsetMs + (this.#true.now() - this.#start) * this.#rate;
  }

  sleep(duration: DurationMs, abort: AbortSignal): Promise<void> {
    return this.#true.sleep(duration / this.#rate, abort);
  }
}

/** 0 to 1, the same numbers for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Requests and answers that are late or lost, at random, and a partition that lasts a while. */
function badNetwork(api: KubernetesApi, clock: FakeClock, random: () => number): KubernetesApi {
  let partitionedUntil = 0;
  const lost = new KubernetesApiError({ status: 0, reason: 'Unreachable', message: 'connection reset' });
  return interceptedKubernetesApi(api, async (_call, proceed) => {
    if (random() < 0.05) partitionedUntil = clock.now() + random() * 40_000;
    if (clock.now() < partitionedUntil) throw lost;
    await clock.sleep(random() * random() * 6_000, never);
    if (random() < 0.1) throw lost;
    const answer = await proceed();
    await clock.sleep(random() * random() * 6_000, never);
    if (random() < 0.1) throw lost;
    return answer;
  });
}

/** 10 s of renewing and 15 s of waiting allow clocks whose rates differ by up to a half. */
const contender = fc.record({
  offsetMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
  rate: fc.double({ min: 0.83, max: 1.2, noNaN: true }),
  /** After how long, on average, the process is killed or ends, and another takes its place. */
  livesMs: fc.integer({ min: 5_000, max: 200_000 }),
});

test('never do two lead at the same time, whatever their clocks show, and whatever the network loses', async () => {
  let reigns = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(contender, { minLength: 2, maxLength: 4 }), fc.integer(), async (contenders, seed) => {
      const clock = new FakeClock();
      const api = new InMemoryKubernetesApi(() => clock.now());
      const random = seeded(seed);
      const over = new AbortController();
      let leaders = 0;

      const live = async (skew: (typeof contenders)[number], name: string): Promise<void> => {
        for (let life = 0; !over.signal.aborted; life++) {
          const process = new AbortController();
          const end = (): void => {
            process.abort();
          };
          over.signal.addEventListener('abort', end);
          clock.sleep(skew.livesMs * 2 * random(), process.signal).then(end, () => undefined);
          const running = runAsLeader(
            {
              api: badNetwork(api, clock, random),
              lease: { namespace: 'sunward', name: 'operator' },
              identity: `${name}-${life}`,
              clock: new SkewedClock(clock, skew.offsetMs, skew.rate),
              random,
              logger: new RecordingLogger(),
              metrics: new LeaderMetrics(new Registry()),
              lead: async (abort) => {
                leaders += 1;
                reigns += 1;
                expect(leaders).toBe(1);
                if (!abort.aborted)
                  await new Promise((resolve) => {
                    abort.addEventListener('abort', resolve);
                  });
                leaders -= 1;
              },
            },
            process.signal,
          );
          await running.catch((error: unknown) => {
            if (!String(error).startsWith('LeadershipLost')) throw error;
          });
          over.signal.removeEventListener('abort', end);
        }
      };

      const all = Promise.all(contenders.map((skew, i) => live(skew, `c${i}`)));
      let failure: unknown;
      all.catch((error: unknown) => (failure = error));
      await clock.advance(600_000);
      over.abort();
      await clock.advance(60_000);
      await all;
      expect(failure).toBeUndefined();
    }),
    { numRuns: 25 },
  );
  // The property says nothing unless the lease did change hands.
  expect(reigns).toBeGreaterThan(100);
}, 60_000);
