import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import { startPrometheus } from '../../../hack/prometheus/prometheus.ts';
import { PrometheusStandIn, type PrometheusStandInOptions } from '../../../hack/stand-ins/prometheus.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { PrometheusClient } from '../../../operator/adapters/prometheus/prometheus-client.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { prometheusQueryContract } from './contract.ts';

const FROM = Date.parse('2026-03-02T00:00:00Z');
const TOKEN = 'of-the-test-4711';
const NEVER = new AbortController().signal;
const OVER = { startsAt: FROM, endsAt: FROM + 4 * HOUR_MS, step: HOUR_MS };

prometheusQueryContract(
  'the client on a real Prometheus',
  async (history) => {
    const server = await startPrometheus({ history });
    const http = new AxiosClient({ clock: new FakeClock(FROM) });
    const close = async (): Promise<void> => {
      http.close();
      await server.stop();
    };
    return { prometheus: new PrometheusClient({ http, url: `${server.url}/` }), close };
  },
  TOOL_SETUP_MS,
);

async function standInFor({ path = '', ...options }: Partial<PrometheusStandInOptions> & { path?: string } = {}) {
  const standIn = await new PrometheusStandIn({ figures: (at) => at / HOUR_MS, ...options }).start();
  const http = new AxiosClient({ clock: new FakeClock(FROM) });
  const token = { read: () => Promise.resolve(TOKEN) };
  const prometheus = new PrometheusClient({ http, url: `${standIn.url}${path}`, token });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, prometheus, close };
}

interface Matrix {
  readonly data: { readonly result: { values: [number, string][] }[] };
}

providerFaultsContract(
  'the client of prometheus',
  async () => {
    const { standIn, prometheus, close } = await standInFor();
    const ask = async (abort: AbortSignal) =>
      (await prometheus.range('grid_intensity', OVER, abort)).flatMap(({ samples }) => samples);
    return { standIn, close, secrets: [TOKEN], ask };
  },
  {
    'a key that it does not take': {
      fault: { status: 401, body: 'Unauthorized\n' },
      code: 'Unauthorised',
      says: /Unauthorized.*Secret/,
    },
    'a plan that has not the zone': {
      impossibleBecause: 'Prometheus has no plans: whoever may ask may see every series',
    },
    'no data, with 404': {
      fault: { status: 404, body: '404 page not found\n' },
      code: 'Malformed',
      says: /\/api\/v1\/query_range.*path prefix/,
    },
    'a reply for another zone': { impossibleBecause: 'what a series is of is for the query to say' },
    'figures that are null': {
      fault: changed<Matrix>((body) => {
        body.data.result[0]!.values[1]![1] = 'NaN';
        return body;
      }),
      rows: 4,
    },
  },
);

describe('the client of prometheus', () => {
  let subject: Awaited<ReturnType<typeof standInFor>>;
  beforeEach(async () => {
    subject = await standInFor({ token: TOKEN, path: '/prometheus/' });
  });
  afterEach(() => subject.close());
  const ask = () => subject.prometheus.instant('grid_intensity', FROM, NEVER);

  test('asks behind the path prefix, with the token', async () => {
    expect(await ask()).toHaveLength(1);
    expect(subject.standIn.requests.map(({ path }) => path)).toEqual(['/prometheus/api/v1/query']);
  });

  test.each([
    [503, 'timeout', 'query timed out in expression evaluation', 'Unavailable'],
    [503, 'canceled', 'query was canceled in query execution', 'Unavailable'],
    [500, 'internal', 'expanding series: mmap: cannot allocate memory', 'Unavailable'],
    [422, 'execution', 'query processing would load too many samples into memory in query execution', 'Malformed'],
    [400, 'bad_data', 'invalid parameter "query": 1:5: parse error: unexpected "}"', 'Malformed'],
    // As VictoriaMetrics writes it.
    [503, '503', 'cannot handle more than 16 concurrent search requests during 10s', 'Unavailable'],
  ])('tells %i %s for what it is, in Prometheus’ words', async (status, errorType, error, code) => {
    subject.standIn.failNext({ status, body: { status: 'error', errorType, error } });
    const refusal = ask();
    await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code });
    await expect(refusal).rejects.toThrow(`prometheus does not answer grid_intensity: ${errorType}: ${error}`);
  });

  test('reads an error that is longer than what is kept of a refusal', async () => {
    const error = `parse error: unexpected \\ in ${'"x" '.repeat(1_000)}`;
    for (const padding of ['', ' ', '  ']) {
      subject.standIn.failNext({
        status: 400,
        body: { status: 'error', errorType: 'bad_data', error: padding + error },
      });
      await expect(ask()).rejects.toThrow(`bad_data: ${padding}parse error: unexpected \\ in "x" "x" `);
    }
  });

  test('a limit of what stands before Prometheus is a quota, with its words', async () => {
    const body = { status: 'error', errorType: 'too_many_requests', error: 'too many outstanding requests' };
    subject.standIn.failNext({ status: 429, body, headers: { 'Retry-After': '5' } });
    const refusal = ask();
    await expect(refusal).rejects.toMatchObject({ code: 'QuotaExceeded', retryAfterMs: 5_000 });
    await expect(refusal).rejects.toThrow('too many outstanding requests');
  });

  test.each([
    ['an error with 200', { status: 'error', errorType: 'internal', error: 'oops' }, 'internal: oops'],
    ['a success without data', { status: 'success' }, 'no data'],
    ['a native histogram', vectorOf({ metric: {}, histogram: [0, { count: '1' }] }), 'histogram_avg()'],
    ['a value that is a number', vectorOf({ metric: {}, value: [1, 2] }), 'data.result.0.value.1 must be string'],
    ['a value that is empty', vectorOf({ metric: {}, value: [1, ''] }), 'data.result.0.value.1 must match pattern'],
  ])('refuses %s', async (_, body, words) => {
    subject.standIn.failNext({ body });
    const refusal = ask();
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(words);
  });

  describe('what is answered in part', () => {
    const AWAY = 'receive series from Addr: 10.0.0.7:10901: connection refused';
    /** Of PromQL, of a query that is answered whole: Prometheus 2 calls it a warning. */
    const ANNOTATION = 'PromQL info: metric might not be a counter, name does not end in _total: "energy" (1:6)';
    const saying = (more: object) => changed<object>((body) => ({ ...body, ...more }));
    async function told(more: object): Promise<readonly string[]> {
      const words: string[] = [];
      subject.standIn.failNext(saying(more));
      const series = await subject.prometheus.range('grid_intensity', OVER, NEVER, (one) => words.push(one));
      expect(series.flatMap(({ samples }) => samples)).toHaveLength(5);
      return words;
    }

    test.each([
      ['warnings, as by Thanos', { warnings: [AWAY, 'b'] }, [`${AWAY}; b`]],
      ['warnings beside annotations', { warnings: [ANNOTATION, AWAY] }, [AWAY]],
      ['warnings without end', { warnings: ['x'.repeat(9_000)] }, [`${'x'.repeat(500)}…`]],
      ['isPartial, as by VictoriaMetrics', { isPartial: true }, ['isPartial']],
      ['annotations of PromQL', { infos: [ANNOTATION], warnings: [ANNOTATION] }, []],
      ['no warnings', { warnings: [], isPartial: false }, []],
      ['no warnings, as null', { warnings: null }, []],
    ])('is told beside the series: %s', async (_, more, words) => {
      expect(await told(more)).toEqual(words);
    });

    test('is told where there is no series', async () => {
      const words: string[] = [];
      subject.standIn.failNext({
        body: { status: 'success', data: { resultType: 'matrix', result: [] }, warnings: [AWAY] },
      });
      expect(await subject.prometheus.range('x', OVER, NEVER, (one) => words.push(one))).toEqual([]);
      expect(words).toEqual([AWAY]);
    });

    test('is no error, and nothing for who does not listen', async () => {
      subject.standIn.failNext(saying({ warnings: [AWAY] }));
      expect(await ask()).toHaveLength(1);
      subject.standIn.failNext(saying({ warnings: [AWAY] }));
      expect(await subject.prometheus.range('grid_intensity', OVER, NEVER)).toHaveLength(1);
    });
  });
});

function vectorOf(series: object): object {
  return { status: 'success', data: { resultType: 'vector', result: [series] } };
}
