import { describe, expect, test } from '@jest/globals';
import type { PodFacts } from '../watch/pod-facts.ts';
import { readScenario } from '../setup/scenario.ts';
import { Autoscaler, gpusWanted } from './autoscaler.ts';

const paris = (await readScenario()).sites.find(({ name }) => name === 'paris');
const waiting = (overrides: Partial<PodFacts> = {}): PodFacts => ({
  uid: 'u',
  name: 'p',
  namespace: 'n',
  job: 'j',
  jobUid: 'u',
  node: undefined,
  gpus: 8,
  phase: 'Pending',
  startedAt: undefined,
  endedAt: undefined,
  unschedulable: true,
  region: 'eu-west-3',
  ...overrides,
});

describe('GPUs that are wanted in a region', () => {
  test('are those of pods that find no node there', () => {
    const pods = [
      waiting(),
      waiting(),
      waiting({ region: 'eu-north-1' }),
      waiting({ node: 'n' }),
      waiting({ unschedulable: false }),
    ];
    expect(gpusWanted(pods, 'eu-west-3')).toBe(16);
  });
});

describe('the autoscaler', () => {
  const { signal } = new AbortController();

  function started(createNodes: (range: { from: number; count: number }) => Promise<unknown>) {
    if (paris === undefined) throw new Error('no site paris');
    const told: string[] = [];
    const tell = (event: string) => void told.push(event);
    const failed = (error: unknown) => void told.push(String(error));
    return { told, autoscaler: new Autoscaler({ site: paris, bootTime: 0, createNodes, tell, failed }) };
  }

  test('orders nodes once, for all pods that wait, when two looks agree', async () => {
    const ordered = await new Promise((resolve) => {
      const { autoscaler } = started((range) => {
        resolve(range);
        return Promise.resolve();
      });
      autoscaler.look([waiting()], signal);
      autoscaler.look([waiting(), waiting()], signal);
      expect(autoscaler.ordered).toBe(0);
      autoscaler.look([waiting(), waiting()], signal);
      autoscaler.look([waiting(), waiting()], signal);
      expect(autoscaler.ordered).toBe(2);
    });
    expect(ordered).toEqual({ from: 0, count: 2 });
  });

  test('tells when nodes could not be made', async () => {
    const { autoscaler, told } = started(() => Promise.reject(new Error('no quota')));
    autoscaler.look([waiting()], signal);
    autoscaler.look([waiting()], signal);
    while (told.length < 2) await new Promise(setImmediate);
    expect(told).toEqual(['pods wait for 1 nodes in eu-west-3; they are ordered', 'Error: no quota']);
  });

  test('orders nothing once the demo ends', () => {
    const { autoscaler } = started(() => Promise.reject(new Error('must not be called')));
    const aborted = AbortSignal.abort();
    autoscaler.look([waiting()], aborted);
    autoscaler.look([waiting()], aborted);
    expect(autoscaler.ordered).toBe(0);
  });
});
