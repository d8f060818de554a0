import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS, type DurationMs } from '../../../domain/units.ts';
import type { UsageGrid } from '../../../domain/usage/usage-grid.ts';
import type { Interval } from '../../../domain/interval.ts';
import type { PrometheusQuery, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { PrometheusMetricsSource, type PrometheusMetricsOptions } from './source.ts';

const START = Date.parse('2026-03-02T12:00:00Z');
const NEVER = new AbortController().signal;
const GRID: UsageGrid = { startsAt: START, step: MINUTE_MS, columns: 3 };
const QUERIES = { activity: ['first', 'second'], power: ['watts'], podPower: ['pods'], nodePower: ['nodes'] };
const NAN = NaN;

type Range = Interval & { readonly step: DurationMs };
/** What a query has: labels, and values by column of {@link GRID}. */
type Found = readonly (readonly [labels: Readonly<Record<string, string>>, values: readonly number[]])[];

/** Answers each query by the name of the series in it. */
class FakePrometheus implements PrometheusQuery {
  readonly asked: (Range & { readonly query: string })[] = [];
  readonly #answers: Readonly<Record<string, Found | Error>>;

  constructor(answers: Readonly<Record<string, Found | Error>>) {
    this.#answers = answers;
  }

  async instant(query: string): Promise<readonly PrometheusSeries[]> {
    return this.#find(query).map(([labels]) => ({ labels, samples: [] }));
  }

  async range(query: string, over: Range): Promise<readonly PrometheusSeries[]> {
    this.asked.push({ query, ...over });
    return this.#find(query).map(([labels, values]) => ({
      labels,
      samples: values.flatMap((value, k) => {
        const at = START + (k + 1) * MINUTE_MS;
        return Number.isNaN(value) || at < over.startsAt || at > over.endsAt ? [] : [{ at, value }];
      }),
    }));
  }

  #find(whole: string): Found {
    const [query = ''] = whole.split(' unless ');
    const [, answer = []] =
      Object.entries(this.#answers).find(([name]) => query.includes(`(${name})`) || query.includes(`, ${name})`)) ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

function usage(answers: Readonly<Record<string, Found | Error>>, options: Partial<PrometheusMetricsOptions> = {}) {
  const prometheus = new FakePrometheus(answers);
  return new PrometheusMetricsSource({ prometheus, queries: QUERIES, ...options }).usage(GRID, NEVER);
}

describe('of each column the first query that knows it counts', () => {
  test('device by device', async () => {
    const { devices, gaps } = await usage({
      first: [[{ UUID: 'a' }, [0.1, NAN, NAN]]],
      second: [
        [{ UUID: 'a' }, [0.9, 0.2, NAN]],
        [{ UUID: 'b' }, [NAN, 0, 0.3]],
      ],
      watts: [[{ UUID: 'a', Hostname: 'node-1' }, [100, 200, NAN]]],
    });
    expect(devices).toEqual([
      {
        gpu: 'a',
        instance: undefined,
        node: 'node-1',
        pod: undefined,
        active: [0.1, 0.2, NAN],
        power: [100, 200, NAN],
      },
      { gpu: 'b', instance: undefined, node: undefined, pod: undefined, active: [NAN, 0, 0.3], power: [NAN, NAN, NAN] },
    ]);
    expect(gaps.map(({ figure }) => figure)).toEqual(['HostPower']);
  });

  test('a query that fails is no gap where another one answers, but the answer is not whole', async () => {
    const { devices, gaps, isWhole } = await usage({
      first: new SourceError('Unavailable', 'too slow'),
      second: [[{ UUID: 'a' }, [0, 0, 0]]],
      watts: [[{ UUID: 'a' }, [70, 70, 70]]],
      pods: [[{ pod: 'p', namespace: 'n' }, [1, 2, NAN]]],
      nodes: [[{ node_name: 'node-1' }, [NAN, NAN, 40]]],
    });
    expect(devices[0]?.active).toEqual([0, 0, 0]);
    expect(gaps).toEqual([]);
    expect(isWhole).toBe(false);
  });

  test('where all fail, or the others have nothing, the fault is what is told', async () => {
    const error = new SourceError('Unavailable', 'too slow', { retryAfterMs: 5 });
    const { devices, gaps } = await usage({
      first: error,
      watts: [[{ UUID: 'a' }, [70, 70, 70]]],
      nodes: new Error('oops'),
    });
    expect(devices).toHaveLength(1);
    expect(gaps.find(({ figure }) => figure === 'Activity')?.error).toBe(error);
    expect(gaps.find(({ figure }) => figure === 'HostPower')?.error).toMatchObject({
      code: 'Unavailable',
      message: 'asking prometheus: oops',
    });
  });
});

describe('an answer in part, as Prometheus says', () => {
  const WORDS = 'store 10.0.0.7:10901: connection refused';

  /** Says it of the queries with that name. */
  class InPart extends FakePrometheus {
    readonly #name: string;

    constructor(name: string, answers: Readonly<Record<string, Found | Error>>) {
      super(answers);
      this.#name = name;
    }

    override async range(query: string, over: Range, _abort?: AbortSignal, onPart?: (words: string) => void) {
      if (isOf(this.#name, query)) onPart?.(WORDS);
      return super.range(query, over);
    }
  }
  const usageInPart = (name: string, answers: Readonly<Record<string, Found | Error>>) =>
    new PrometheusMetricsSource({ prometheus: new InPart(name, answers), queries: QUERIES }).usage(GRID, NEVER);
  const WHOLE = {
    first: [[{ UUID: 'a' }, [0.1, 0.2, 0.3]]],
    watts: [[{ UUID: 'a' }, [70, 70, 70]]],
    nodes: [[{ node_name: 'node-1' }, [40, 40, 40]]],
    pods: [[{ pod_name: 'p', pod_namespace: 'n' }, [1, 1, 1]]],
  } satisfies Readonly<Record<string, Found>>;

  test.each([
    ['first', false],
    ['second', false],
    ['watts', false],
    // Power of hosts is of now alone: nothing of it is asked for again.
    ['nodes', true],
  ])('counts as far as it goes: that of %s is no gap, and the whole is one: %s', async (name, whole) => {
    const { devices, gaps, isWhole } = await usageInPart(name, WHOLE);
    expect(devices).toMatchObject([{ gpu: 'a', active: [0.1, 0.2, 0.3], power: [70, 70, 70] }]);
    expect(gaps).toEqual([]);
    expect(isWhole).toBe(whole);
  });

  test('without any series is a gap, in its words', async () => {
    const { gaps, isWhole } = await usageInPart('first', { ...WHOLE, first: [] });
    expect(isWhole).toBe(false);
    expect(gaps).toMatchObject([{ figure: 'Activity', error: { code: 'NoData' } }]);
    expect(gaps[0]?.error.message).toContain(`says that its answer is but a part (${WORDS})`);
  });
});

describe('labels', () => {
  test('a pod and its namespace are of one family', async () => {
    const { devices } = await usage({
      first: [
        [
          { UUID: 'a', pod: 'exporter', namespace: 'gpu-operator', exported_pod: 'p', exported_namespace: 'n' },
          [0, 0, 0],
        ],
        [{ UUID: 'b', pod: 'exporter', namespace: 'gpu-operator', exported_pod: 'p' }, [0, 0, 0]],
        [{ UUID: 'c', pod: 'kepler', namespace: 'kepler', pod_name: 'p', pod_namespace: 'n' }, [0, 0, 0]],
        [{ UUID: 'd', pod: 'p', exported_pod: '', exported_namespace: '' }, [0, 0, 0]],
      ],
    });
    expect(devices.map(({ gpu, pod }) => [gpu, pod?.namespace, pod?.name])).toEqual([
      ['a', 'n', 'p'],
      ['b', 'gpu-operator', 'exporter'],
      ['c', 'n', 'p'],
      ['d', undefined, undefined],
    ]);
  });

  test('that are not there are named, with those that are and the setting', async () => {
    const { gaps } = await usage({
      first: [[{ GPU_UUID: 'a', Hostname: 'node-1' }, [0.5, 0.5, 0.5]]],
      watts: [[{ UUID: 'a' }, [70, 70, 70]]],
      pods: [[{ pod: 'p' }, [1, 1, 1]]],
    });
    expect(gaps.map(({ figure, error }) => [figure, error.code, error.message])).toEqual([
      [
        'Activity',
        'Malformed',
        'prometheus: the series of first have none of the labels UUID, uuid, gpu_uuid, so that the activity of GPUs can’t be told apart; they have GPU_UUID, Hostname; set usage.prometheus.labels.gpu to the right one'.replace(
          '’',
          "'",
        ),
      ],
      ['HostPower', 'Malformed', expect.stringContaining('exported_pod with exported_namespace')],
    ]);
  });

  test('may be one’s own', async () => {
    const labels = { gpu: ['card'], pods: [{ pod: 'job', namespace: 'team' }] };
    const { devices } = await usage({ first: [[{ card: 'a', job: 'p', team: 'n' }, [0, 0, 0]]] }, { labels });
    expect(devices[0]).toMatchObject({ gpu: 'a', pod: { namespace: 'n', name: 'p' } });
  });
});

test('several series of one device are one, and the higher value counts', async () => {
  const { devices } = await usage({
    first: [
      [{ UUID: 'a', node: 'x' }, [0.2, NAN, 0.3]],
      [{ UUID: 'a', node: 'y' }, [0.1, 0.4, NAN]],
    ],
  });
  expect(devices.map(({ active }) => active)).toEqual([[0.2, 0.4, 0.3]]);
});

test('what can’t be is unknown, and nothing of it is ever 0', async () => {
  const { devices, gaps } = await usage({
    first: [[{ UUID: 'a' }, [-0.01, 1.004, 2147483632]]],
    watts: [[{ UUID: 'a' }, [-5, 0, 9223372036854775794]]],
  });
  expect(devices[0]).toMatchObject({ active: [NAN, 1, NAN], power: [NAN, NAN, NAN] });
  expect(gaps.find(({ figure }) => figure === 'Power')?.error).toMatchObject({ code: 'NoData' });
  expect(gaps.find(({ figure }) => figure === 'Power')?.error.message).toContain(
    'impossible (3, one is 9223372036854776000)',
  );
});

test('power of the whole GPU counts for whoever holds it, while they hold it', async () => {
  const { devices } = await usage({
    first: [
      [{ UUID: 'a', pod: 'p', namespace: 'n' }, [0.5, 0.5, NAN]],
      [{ UUID: 'a', pod: 'q', namespace: 'n' }, [NAN, 0.1, 0.1]],
    ],
    watts: [
      [{ UUID: 'a' }, [300, 310, 320]],
      [{ UUID: 'a', pod: 'p', namespace: 'n' }, [299, NAN, NAN]],
    ],
  });
  expect(devices.map(({ pod, power }) => [pod?.name, power])).toEqual([
    [undefined, [300, 310, 320]],
    ['p', [299, 310, NAN]],
    ['q', [NAN, 310, 320]],
  ]);
});

/** Not one that is asked for what the named one doesn't know. */
function isOf(name: string, query: string): boolean {
  return query.split(' unless ')[0]?.includes(`(${name})`) === true;
}

describe('a long grid', () => {
  const seriesOf = (count: number): Found => Array.from({ length: count }, (_, k) => [{ UUID: `g${k}` }, [0.5]]);
  const activityAsked = async (columns: number, series: number) => {
    const prometheus = new FakePrometheus({ first: seriesOf(series) });
    await new PrometheusMetricsSource({ prometheus, queries: QUERIES }).usage({ ...GRID, columns }, NEVER);
    return prometheus.asked.filter(({ query }) => isOf('first', query));
  };

  test('is asked for in parts that fit into a reply, every column once', async () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom(0, 1, 40, 2_000));
    await fc.assert(
      fc.asyncProperty(cases, async ([columns, series]) => {
        const parts = await activityAsked(columns, series);
        const asked = parts.flatMap(({ startsAt, endsAt }) =>
          Array.from({ length: (endsAt - startsAt) / MINUTE_MS + 1 }, (_, k) => startsAt + k * MINUTE_MS),
        );
        const wanted = Array.from({ length: columns }, (_, k) => START + (k + 1) * MINUTE_MS);
        expect(asked.sort((a, b) => a - b)).toEqual(wanted);
        for (const { startsAt, endsAt } of parts) {
          expect(((endsAt - startsAt) / MINUTE_MS + 1) * series).toBeLessThanOrEqual(100_000);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('is one request where it is short, and few where there is little', async () => {
    expect(await activityAsked(5, 2_000)).toHaveLength(1);
    expect(await activityAsked(360, 40)).toHaveLength(2);
    expect((await activityAsked(360, 2_000)).length).toBeLessThan(20);
  });

  test('counts as far as it was answered, and is a gap', async () => {
    class Failing extends FakePrometheus {
      override async range(query: string, over: Range) {
        if (isOf('first', query) && over.endsAt < START + 60 * MINUTE_MS) throw new SourceError('Unavailable', 'slow');
        return super.range(query, over);
      }
    }
    const values = Array.from({ length: 60 }, () => 0.5);
    const source = new PrometheusMetricsSource({
      prometheus: new Failing({ first: [[{ UUID: 'a' }, values]] }),
      queries: QUERIES,
    });
    const { devices, gaps } = await source.usage({ ...GRID, columns: 60 }, NEVER);
    expect(devices[0]?.active.slice(-2)).toEqual([NAN, 0.5]);
    expect(gaps[0]).toMatchObject({ figure: 'Activity', error: { code: 'Unavailable' } });

    const both = new Failing({ first: [[{ UUID: 'a' }, values]], second: [[{ UUID: 'b' }, values]] });
    const answer = await new PrometheusMetricsSource({ prometheus: both, queries: QUERIES }).usage(
      { ...GRID, columns: 60 },
      NEVER,
    );
    // What the second was not asked for is not known of any device, however well it was answered.
    expect(answer.gaps[0]).toMatchObject({ figure: 'Activity', error: { code: 'Unavailable' } });
  });

  test('is asked of a worse query only as far as the better ones, if they answer, don’t know it', async () => {
    const askedOf = async (first: Found | Error) => {
      const prometheus = new FakePrometheus({ first, second: [[{ UUID: 'b' }, [0.5]]] });
      await new PrometheusMetricsSource({ prometheus, queries: QUERIES }).usage({ ...GRID, columns: 6 }, NEVER);
      return prometheus.asked.filter(({ query }) => isOf('second', query)).map(({ query }) => query);
    };
    const sixth = Array.from({ length: 6 }, () => 0.1);
    const [newest = '', older = ''] = await askedOf([[{ UUID: 'a' }, sixth]]);
    expect(newest).not.toContain('unless');
    expect(older).toMatch(/^round\(.*second.* unless \(\(round\(.*\(first\), 0\.0001\) <= 1\.01\)\)$/);
    for (const first of [[], new SourceError('Unavailable', 'slow')]) {
      for (const query of await askedOf(first)) expect(query).not.toContain('unless');
    }
  });
});

test('gives up with its caller, whatever is under way', async () => {
  const caller = new AbortController();
  const reason = new Error('no more time');
  const hanging: PrometheusQuery = {
    instant: () => Promise.reject(new Error('not asked')),
    range: (_query, _over, abort) =>
      new Promise((_, reject) => {
        abort.addEventListener('abort', () => reject(abort.reason as Error));
      }),
  };
  const asked = new PrometheusMetricsSource({ prometheus: hanging }).usage(GRID, caller.signal);
  caller.abort(reason);
  await expect(asked).rejects.toBe(reason);
});
