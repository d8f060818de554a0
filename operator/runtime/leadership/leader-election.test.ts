import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import type { Interceptor } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import { LEASES } from '../../ports/leases.ts';
import type { Lease } from '../../ports/leases.ts';
import { LeaderMetrics } from '../../telemetry/leader-metrics.ts';
import { runAsLeader } from './leader-election.ts';
import type { LeaderElectionOptions } from './leader-election.ts';
import { LeadershipLostError } from './leadership-lost.ts';

const never = new AbortController().signal;
const lease = { namespace: 'sunward', name: 'operator' };
const unreachable = (): Promise<never> =>
  Promise.reject(new KubernetesApiError({ status: 0, reason: 'Unreachable', message: 'connect ECONNREFUSED' }));

let clock: FakeClock;
let api: InMemoryKubernetesApi;
let contenders: Contender[];

beforeEach(() => {
  clock = new FakeClock();
  api = new InMemoryKubernetesApi(() => clock.now());
  contenders = [];
});

afterEach(async () => {
  for (const contender of contenders) {
    contender.network = (_call, proceed) => proceed();
    contender.process.abort();
  }
  await clock.advance(60_000);
});

/** One process that contends. `network` decides what becomes of its calls. */
class Contender {
  readonly identity: string;
  readonly process = new AbortController();
  readonly registry = new Registry();
  readonly logger = new RecordingLogger();
  readonly calls: string[] = [];
  network: Interceptor = (_call, proceed) => proceed();
  leads = false;
  reigns = 0;
  /** `undefined` while it runs. */
  outcome: 'returned' | Error | undefined;

  constructor(identity: string, options: Partial<LeaderElectionOptions> = {}) {
    this.identity = identity;
    const election: LeaderElectionOptions = {
      api: interceptedKubernetesApi(api, (call, proceed) => {
        this.calls.push(call.verb);
        return this.network(call, proceed);
      }),
      lease,
      identity,
      clock,
      random: () => 0,
      logger: this.logger,
      metrics: new LeaderMetrics(this.registry),
      lead: (abort) => this.#lead(abort),
      ...options,
    };
    runAsLeader(election, this.process.signal).then(
      () => (this.outcome = 'returned'),
      (error: unknown) => (this.outcome = error as Error),
    );
  }

  async #lead(abort: AbortSignal): Promise<void> {
    this.reigns += 1;
    this.leads = true;
    if (!abort.aborted)
      await new Promise((resolve) => {
        abort.addEventListener('abort', resolve);
      });
    this.leads = false;
  }

  /** What a killed process does: nothing more, and no one hears of it again. */
  kill(): void {
    this.network = () => new Promise(() => undefined);
    this.leads = false;
  }
}

function contend(identity: string, options: Partial<LeaderElectionOptions> = {}): Contender {
  const contender = new Contender(identity, options);
  contenders.push(contender);
  return contender;
}

async function record(): Promise<Lease['spec']> {
  return (await api.get<Lease>(LEASES, lease, never)).spec;
}

describe('the first contender', () => {
  test('leads at once, and writes who it is and since when, to the microsecond', async () => {
    const a = contend('a');
    await settle();
    expect(a.leads).toBe(true);
    expect(await record()).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-03-21T12:00:00.000000Z',
      renewTime: '2026-03-21T12:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  test('renews every retry period, with one write each', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    expect(a.calls).toEqual(['get', 'create', ...Array.from({ length: 10 }, () => 'replace')]);
    expect(await record()).toMatchObject({
      acquireTime: '2026-03-21T12:00:00.000000Z',
      renewTime: '2026-03-21T12:00:20.000000Z',
    });
  });

  test('keeps what others wrote into the record', async () => {
    const a = contend('a');
    await settle();
    const labels = { 'app.kubernetes.io/name': 'sunward' };
    await api.mergePatch(LEASES, lease, { metadata: { labels } }, { fieldManager: 'kubectl' }, never);
    await clock.advance(4_000);
    expect(a.leads).toBe(true);
    expect((await api.get(LEASES, lease, never)).metadata.labels).toEqual(labels);
  });

  test('leads on when the record is deleted under it', async () => {
    const a = contend('a');
    await settle();
    await api.delete(LEASES, lease, { propagationPolicy: 'Background' }, never);
    await clock.advance(2_000);
    expect(await record()).toMatchObject({ holderIdentity: 'a' });
    await clock.advance(20_000);
    expect(a.reigns).toBe(1);
    expect(a.leads).toBe(true);
  });

  test.each([
    [{ leaseDurationMs: 10_000, renewDeadlineMs: 10_000 }, 'leaseDurationMs 10000 must exceed renewDeadlineMs 10000'],
    [{ renewDeadlineMs: 2_000, retryPeriodMs: 2_000 }, 'renewDeadlineMs 2000 must exceed retryPeriodMs 2000'],
    [{ retryPeriodMs: 0 }, 'retryPeriodMs 0 must be above 0'],
  ])('is refused the timing %j', async (timing, message) => {
    const a = contend('a', { timing });
    await settle();
    expect(a.outcome).toMatchObject({ message: expect.stringContaining(message) as unknown });
  });
});

describe('a second contender', () => {
  test('waits as long as the first renews', async () => {
    const a = contend('a');
    await settle();
    const b = contend('b');
    await clock.advance(600_000);
    expect([a.leads, b.leads]).toEqual([true, false]);
  });

  test('takes over when the record has not changed for the lease duration, and counts the change of hands', async () => {
    const a = contend('a');
    const b = contend('b');
    await clock.advance(20_000);
    a.kill();
    await clock.advance(14_000);
    expect(b.leads).toBe(false);
    await clock.advance(5_000); // a poll saw the last change up to 2 s late, and the next poll is up to 2 s late
    expect(b.leads).toBe(true);
    expect(await record()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    expect(await b.registry.metrics()).toContain('sunward_lease_transitions{lease="sunward/operator"} 1');
  });

  test('does not trust stamps: a record from long ago is waited for in full', async () => {
    const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2001-01-01T00:00:00.000000Z' };
    await api.create<Lease>(LEASES, { metadata: lease, spec }, { fieldManager: 'test' }, never);
    const b = contend('b');
    await clock.advance(14_999);
    expect(b.leads).toBe(false);
    await clock.advance(2_001);
    expect(b.leads).toBe(true);
  });

  test('waits as long as the record asks for, not as long as its own settings say', async () => {
    const spec = { holderIdentity: 'a', leaseDurationSeconds: 60 };
    await api.create<Lease>(LEASES, { metadata: lease, spec }, { fieldManager: 'test' }, never);
    const b = contend('b');
    await clock.advance(59_999);
    expect(b.leads).toBe(false);
    await clock.advance(2_001);
    expect(b.leads).toBe(true);
  });

  test('need not wait where the first has ended in good order', async () => {
    const a = contend('a');
    const b = contend('b');
    await clock.advance(20_000);
    a.process.abort();
    await settle();
    expect(a.outcome).toBe('returned');
    expect(await record()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await clock.advance(2_000);
    expect(b.leads).toBe(true);
  });

  test('is one of many of whom one wins', async () => {
    const many = Array.from({ length: 8 }, (_, i) => contend(`c${i}`));
    await clock.advance(60_000);
    expect(many.filter(({ leads }) => leads)).toHaveLength(1);
  });

  test('ends when it is told to, without touching the record', async () => {
    contend('a');
    await settle();
    const b = contend('b');
    await clock.advance(5_000);
    b.process.abort();
    await settle();
    expect(b.outcome).toBe('returned');
    expect(b.calls.every((verb) => verb === 'get')).toBe(true);
    expect(await record()).toMatchObject({ holderIdentity: 'a' });
  });
});

describe('a leader that can not renew', () => {
  test('stops leading at the deadline, before anyone else may lead, and says so by an error', async () => {
    const a = contend('a');
    const b = contend('b');
    await clock.advance(20_000);
    a.network = unreachable;
    await clock.advance(9_999);
    expect(a.leads).toBe(true);
    await clock.advance(1);
    expect([a.leads, b.leads]).toEqual([false, false]);
    expect(a.outcome).toBeInstanceOf(LeadershipLostError);
    await clock.advance(9_000);
    expect(b.leads).toBe(true);
  });

  test('stops at the deadline also where its requests hang for ever', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    a.network = () => new Promise(() => undefined);
    await clock.advance(9_999);
    expect(a.leads).toBe(true);
    await clock.advance(1);
    expect(a.outcome).toBeInstanceOf(LeadershipLostError);
  });

  test('does not count a renewal from its answer but from its question', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    a.network = async (_call, proceed) => {
      const answer = await proceed();
      await clock.sleep(4_000, never);
      return answer;
    };
    await clock.advance(2_000); // asked at 22 s, answered at 26 s
    a.network = unreachable;
    await clock.advance(9_999);
    expect(a.leads).toBe(true);
    await clock.advance(1);
    expect(a.leads).toBe(false);
  });

  test('leads on where the API server comes back in time', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    a.network = unreachable;
    await clock.advance(9_000);
    a.network = (_call, proceed) => proceed();
    await clock.advance(60_000);
    expect(a.leads).toBe(true);
    expect(a.logger.of('warn').length).toBeGreaterThan(0);
  });

  test('leads on where its write was stored and only the answer was lost', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    a.network = async (_call, proceed) => {
      await proceed();
      return unreachable();
    };
    await clock.advance(4_000);
    a.network = (_call, proceed) => proceed();
    await clock.advance(60_000);
    expect(a.leads).toBe(true);
    expect(a.reigns).toBe(1);
  });

  test('ends at once when it sees another name in the record', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    await api.mergePatch(LEASES, lease, { spec: { holderIdentity: 'usurper' } }, { fieldManager: 'test' }, never);
    await clock.advance(2_000);
    expect(a.outcome).toMatchObject({ message: 'lease taken by usurper' });
  });

  test('ends at once when another led and released meanwhile', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    await api.mergePatch(LEASES, lease, { spec: { holderIdentity: '' } }, { fieldManager: 'test' }, never);
    await clock.advance(2_000);
    expect(a.outcome).toBeInstanceOf(LeadershipLostError);
    expect(a.reigns).toBe(1);
  });

  test('ends when its event loop was held beyond the deadline', async () => {
    const a = contend('a');
    await clock.advance(20_000);
    clock.jump(11_000);
    await clock.advance(0);
    expect(a.outcome).toBeInstanceOf(LeadershipLostError);
  });

  test('does not wait longer for its work than until another may lead', async () => {
    const a = contend('a', { lead: () => new Promise(() => undefined) });
    await clock.advance(20_000);
    a.network = unreachable;
    await clock.advance(14_999);
    expect(a.outcome).toBeUndefined();
    await clock.advance(1);
    expect(a.outcome).toBeInstanceOf(LeadershipLostError);
  });
});

describe('a leader that ends', () => {
  test('renews until its work has returned, then releases', async () => {
    let finish: () => void = () => undefined;
    const a = contend('a', { lead: () => new Promise((resolve) => (finish = resolve)) });
    const b = contend('b');
    await clock.advance(5_000);
    a.process.abort();
    await clock.advance(30_000);
    expect(b.leads).toBe(false);
    finish();
    await clock.advance(2_000);
    expect(a.outcome).toBe('returned');
    expect(b.leads).toBe(true);
  });

  test('by an error of its work releases, and passes the error on', async () => {
    const a = contend('a', { lead: () => Promise.reject(new Error('cache can not be listed')) });
    await settle();
    expect(a.outcome).toMatchObject({ message: 'cache can not be listed' });
    expect(await record()).toMatchObject({ holderIdentity: '' });
  });

  test('while it takes the lease leaves none behind that nobody holds', async () => {
    const a = contend('a');
    a.network = (call, proceed) =>
      call.verb === 'create' ? proceed().then(() => new Promise(() => undefined)) : proceed();
    await settle();
    expect(await record()).toMatchObject({ holderIdentity: 'a' });
    a.process.abort();
    await settle();
    expect(a.outcome).toBe('returned');
    expect(await record()).toMatchObject({ holderIdentity: '' });
  });

  test('returns in time where the API server is gone, and leaves the lease to expire', async () => {
    const a = contend('a');
    await clock.advance(5_000);
    a.network = () => new Promise(() => undefined);
    a.process.abort();
    await clock.advance(5_000);
    expect(a.outcome).toBe('returned');
    expect(a.logger.of('warn').at(-1)?.message).toContain('releasing the lease failed');
  });
});

describe('the metrics of leader election', () => {
  test('show who leads, the attempts, and how late the latest renewal was', async () => {
    const a = contend('a');
    const b = contend('b');
    await clock.advance(20_000);
    a.network = async (_call, proceed) => {
      await clock.sleep(1_500, never);
      return proceed();
    };
    await clock.advance(3_500);
    a.network = (_call, proceed) => proceed();
    await clock.advance(20_000);
    const ofA = await a.registry.metrics();
    expect(ofA).toContain('sunward_leader{lease="sunward/operator"} 1');
    expect(ofA).toContain('sunward_lease_renew_lateness_max_seconds{lease="sunward/operator"} 1.5');
    const ofB = await b.registry.metrics();
    expect(ofB).toContain('sunward_leader{lease="sunward/operator"} 0');
    expect(ofB).toMatch(/sunward_lease_attempts_total\{lease="sunward\/operator",result="HeldByOther"\} [1-9]/);
  });
});
