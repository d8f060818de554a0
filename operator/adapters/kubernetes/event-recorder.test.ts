import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import type { EventNote } from '../../ports/events.ts';
import { KubernetesApiError, type KubernetesApi, type KubernetesObject } from '../../ports/kubernetes-api.ts';
import { EventMetrics } from '../../telemetry/event-metrics.ts';
import { KubernetesEventRecorder } from './event-recorder.ts';

const job = {
  apiVersion: 'sunward.dev/v1alpha1',
  kind: 'CarbonAwareJob',
  metadata: { name: 'train', namespace: 'research', uid: 'u1' },
};
const note = (overrides: Partial<EventNote> = {}): EventNote => ({
  type: 'Normal',
  reason: 'Started',
  action: 'Start',
  message: 'at north',
  ...overrides,
});

interface Written extends KubernetesObject {
  readonly note: string;
  readonly reason: string;
}

function recorder(options: { backlog?: number; refuse?: boolean } = {}) {
  const clock = new FakeClock(Date.UTC(2026, 5, 1, 12, 0, 0, 250));
  const written: Written[] = [];
  const registry = new Registry();
  const api = {
    create: (_: unknown, event: Written) => {
      if (options.refuse === true) {
        return Promise.reject(new KubernetesApiError({ status: 403, reason: 'Forbidden', message: 'no' }));
      }
      written.push(event);
      return Promise.resolve(event);
    },
  } as unknown as KubernetesApi;
  const events = new KubernetesEventRecorder({
    ...{ api, clock, random: () => 0.5, logger: new RecordingLogger(), metrics: new EventMetrics(registry) },
    ...{ instance: 'sunward-0', ...(options.backlog !== undefined && { backlog: options.backlog }) },
  });
  const ending = new AbortController();
  const ended = events.run(ending.signal);
  const stop = async (): Promise<void> => {
    ending.abort();
    await ended;
  };
  return { clock, events, registry, written, stop };
}

describe('the event recorder', () => {
  test('writes an event as events.k8s.io/v1 wants it', async () => {
    const { events, written, stop } = recorder();
    events.record(job, note());
    await settle();
    expect(written).toEqual([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: expect.stringMatching(/^train\.[0-9a-f]+$/) as unknown, namespace: 'research' },
        eventTime: '2026-06-01T12:00:00.250000Z',
        type: 'Normal',
        reason: 'Started',
        action: 'Start',
        note: 'at north',
        reportingController: 'sunward.dev/operator',
        reportingInstance: 'sunward-0',
        regarding: {
          apiVersion: 'sunward.dev/v1alpha1',
          kind: 'CarbonAwareJob',
          name: 'train',
          namespace: 'research',
          uid: 'u1',
        },
      },
    ]);
    await stop();
  });

  test('puts events on cluster-scoped objects where the API server wants them', async () => {
    const { events, written, stop } = recorder();
    events.record({ apiVersion: 'sunward.dev/v1alpha1', kind: 'ComputeSite', metadata: { name: 'north' } }, note());
    await settle();
    expect(written[0]?.metadata.namespace).toBe('default');
    await stop();
  });

  test('cuts a message to what the API server takes, which counts bytes', async () => {
    const { events, written, stop } = recorder();
    events.record(job, note({ message: 'ö€'.repeat(1_000) }));
    await settle();
    expect(Buffer.byteLength(written[0]?.note ?? '')).toBeLessThanOrEqual(1_024);
    expect(written[0]?.note.endsWith('…')).toBe(true);
    await stop();
  });

  test('does not repeat itself for ten minutes', async () => {
    const { clock, events, written, stop } = recorder();
    events.record(job, note());
    await clock.advance(MINUTE_MS);
    events.record(job, note());
    events.record(job, note({ message: 'at south' }));
    await clock.advance(MINUTE_MS);
    expect(written.map((event) => event.note)).toEqual(['at north', 'at south']);
    await clock.advance(10 * MINUTE_MS);
    events.record(job, note());
    await clock.advance(MINUTE_MS);
    expect(written).toHaveLength(3);
    await stop();
  });

  test('keeps to its rate, drops the oldest of too many, and counts them', async () => {
    const { clock, events, registry, written, stop } = recorder({ backlog: 10 });
    for (let i = 0; i < 30; i++) events.record(job, note({ message: String(i) }));
    await clock.advance(100);
    expect(written.length).toBeLessThanOrEqual(3);
    await clock.advance(MINUTE_MS);
    expect(written.map((event) => event.note)).toEqual(Array.from({ length: 10 }, (_, i) => String(20 + i)));
    expect(await registry.metrics()).toContain('sunward_events_total{reason="Started",result="Dropped"} 20');
    await stop();
  });

  test('goes on after an event that was refused', async () => {
    const { events, registry, stop } = recorder({ refuse: true });
    events.record(job, note());
    events.record(job, note({ message: 'two' }));
    await settle();
    expect(await registry.metrics()).toContain('sunward_events_total{reason="Started",result="Failed"} 2');
    await stop();
  });
});
