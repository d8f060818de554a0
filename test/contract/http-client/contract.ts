import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { StandIn, type StandInFault, type StandInReply } from '../../../hack/stand-ins/stand-in.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { HttpClient, HttpRefusal, JsonReply, JsonRequest } from '../../../operator/ports/http.ts';
import { SourceError } from '../../../operator/ports/source-error.ts';
import { eventually } from '../../fixtures/eventually.ts';

export interface HttpClientUnderTest {
  readonly http: HttpClient;
  readonly close: () => void;
}

export interface HttpClientSetUp {
  /** What the client takes for now. */
  readonly now: EpochMs;
  /** Longer replies are refused. */
  readonly maxReplyBytes: number;
}

interface Figures {
  readonly zone: string;
  readonly figures: readonly number[];
}

const never = new AbortController().signal;
const NOW = Date.parse('2026-11-23T06:20:00Z');
const MAX_REPLY_BYTES = 100_000;
const KEY = 'of-the-test-4711';
const BODY: Figures = { zone: 'SE-SE3', figures: [1, 2.5, -3] };
const SHAPE = {
  type: 'object',
  required: ['zone', 'figures'],
  properties: { zone: { type: 'string' }, figures: { type: 'array', items: { type: 'number' } } },
};

/** A server that answers every question alike, until it is told to misbehave. */
class Figured extends StandIn {
  constructor() {
    super(() => ({ body: BODY }));
  }
}

/** What every HTTP client owes its callers: one suite for the port, against a real server. */
export function httpClientContract(name: string, setUp: (options: HttpClientSetUp) => HttpClientUnderTest): void {
  describe(`${name} as an HTTP client`, () => {
    let server: Figured;
    let others: Figured[];
    let subject: HttpClientUnderTest;
    beforeAll(async () => {
      server = await new Figured().start();
      subject = setUp({ now: NOW, maxReplyBytes: MAX_REPLY_BYTES });
    });
    beforeEach(() => {
      others = [];
      server.failAlways(undefined);
    });
    afterEach(() => Promise.all(others.map((other) => other.stop())));
    afterAll(async () => {
      subject.close();
      await server.stop();
    });

    const another = async (): Promise<Figured> => {
      const one = await new Figured().start();
      others.push(one);
      return one;
    };
    const ask = (request: Partial<JsonRequest<Figures>> = {}, abort = never): Promise<JsonReply<Figures>> =>
      subject.http.getJson({ provider: 'vendor', url: `${server.url}/v1/figures`, shape: SHAPE, ...request }, abort);
    const askUnder = (
      fault: StandInFault,
      request: Partial<JsonRequest<Figures>> = {},
    ): Promise<JsonReply<Figures>> => {
      server.failAlways(fault);
      return ask(request);
    };
    const failureUnder = (fault: StandInFault, request: Partial<JsonRequest<Figures>> = {}): Promise<SourceError> =>
      failureOf(askUnder(fault, request));

    describe('asks', () => {
      test('with the method, path and headers that it is given, and for JSON', async () => {
        await ask({ headers: { 'auth-token': KEY } });
        const { path, headers } = server.requests.at(-1)!;
        expect(path).toBe('/v1/figures');
        expect(headers).toMatchObject({ 'auth-token': KEY, accept: 'application/json' });
      });

      test('with a query whose values arrive as they are, and lists as one parameter again and again', async () => {
        const query = { zone: 'SE-SE3 & Öland', start: '2026-11-23T06:00:00+01:00', signal: ['a', 'b,c'], none: [] };
        await ask({ query });
        const { query: arrived } = server.requests.at(-1)!;
        expect([...arrived]).toEqual([
          ['zone', query.zone],
          ['start', query.start],
          ['signal', 'a'],
          ['signal', 'b,c'],
        ]);
      });

      test('many times at once', async () => {
        const replies = await Promise.all(Array.from({ length: 50 }, (_, k) => ask({ query: { k: String(k) } })));
        expect(replies.map(({ body }) => body)).toEqual(Array(50).fill(BODY));
      });
    });

    describe('gives a reply', () => {
      test.each([200, 201, 203, 206])('with status %s', async (status) => {
        expect((await askUnder({ status, body: BODY })).body).toEqual(BODY);
      });

      test.each([
        ['gzip', gzipSync],
        ['deflate', deflateSync],
        ['br', brotliCompressSync],
      ])('that is compressed by %s', async (encoding, compress) => {
        const compressed = { body: compress(JSON.stringify(BODY)), headers: { 'Content-Encoding': encoding } };
        expect((await askUnder(compressed)).body).toEqual(BODY);
      });

      test('that has more in it than is read, and letters of all kinds', async () => {
        const body = { ...BODY, zone: 'Øresund ☀️', _disclaimer: 'new' };
        expect((await askUnder({ body })).body).toEqual(body);
      });

      test('that begins with a byte order mark, or claims to be something else than JSON', async () => {
        expect((await askUnder({ body: `\uFEFF${JSON.stringify(BODY)}` })).body).toEqual(BODY);
        const plain = { body: JSON.stringify(BODY), headers: { 'Content-Type': 'text/plain' } };
        expect((await askUnder(plain)).body).toEqual(BODY);
      });

      test('that is as long as it may be', async () => {
        const room = MAX_REPLY_BYTES - JSON.stringify({ ...BODY, zone: '' }).length;
        expect((await askUnder({ body: { ...BODY, zone: 'x'.repeat(room) } })).body.zone).toHaveLength(room);
      });

      test.each([
        ['Mon, 23 Nov 2026 06:19:30 GMT', '2026-11-23T06:19:30Z'],
        ['Monday, 23-Nov-26 06:19:30 GMT', '2026-11-23T06:19:30Z'],
        ['now', undefined],
        ['5', undefined],
        ['', undefined],
      ])('with the time by the server’s clock: %p', async (header, instant) => {
        const { serverTime } = await askUnder({ body: BODY, headers: { Date: header } });
        expect(serverTime).toBe(instant === undefined ? undefined : Date.parse(instant));
      });
    });

    describe('refuses', () => {
      test.each([
        [204, 'NoData'],
        [404, 'NoData'],
        [401, 'Unauthorised'],
        [403, 'Unauthorised'],
        [429, 'QuotaExceeded'],
        ...[400, 402, 405, 406, 410, 418, 422].map((status) => [status, 'Malformed'] as const),
        ...[300, 301, 302, 303, 304, 307, 308].map((status) => [status, 'Malformed'] as const),
        ...[500, 501, 502, 503, 504, 520, 599].map((status) => [status, 'Unavailable'] as const),
      ] as const)('status %s as %s, and says who answered it where', async (status, code) => {
        const error = await failureUnder({ status, body: status === 204 || status === 304 ? '' : 'a word' });
        expect(error.code).toBe(code);
        expect(error.message).toContain(`vendor answers ${String(status)} at ${server.url}/v1/figures`);
      });

      test.each([
        ['the message of JSON', { message: 'Invalid auth-token' }, 'Invalid auth-token'],
        ['the error of JSON', { error: 'no such zone' }, 'no such zone'],
        ['the error in JSON that has a message', { error: { code: 400, message: 'no such zone' } }, 'no such zone'],
        ['the detail of JSON', { detail: 'no such zone', error: 'Bad Request' }, 'no such zone'],
        [
          'the title of HTML',
          '<html><head><title>\n 502 Bad\n Gateway </title></head><body>x</body>',
          '502 Bad Gateway',
        ],
        ['a text', 'slow\n   down', 'slow down'],
        ['JSON that is no sentence', '[1,2]', '[1,2]'],
      ])('with the words of the provider: %s', async (_, body, words) => {
        const error = await failureUnder({ status: 400, body });
        expect(error.message).toBe(`vendor answers 400 at ${server.url}/v1/figures: ${words}`);
      });

      test('with the first of many words, and what is wrong with their encoding does not matter', async () => {
        expect((await failureUnder({ status: 500, body: 'x'.repeat(50_000) })).message.length).toBeLessThan(400);
        const latin1 = Buffer.from('Zugriff verweigert für Schlüssel', 'latin1');
        expect((await failureUnder({ status: 403, body: latin1 })).message).toMatch(/Zugriff verweigert f\uFFFDr/);
      });

      test.each([
        ['17', 17_000],
        ['0', 0],
        ['Mon, 23 Nov 2026 06:20:45 GMT', 45_000],
        ['Monday, 23-Nov-26 06:20:45 GMT', 45_000],
        ['Mon, 23 Nov 2026 06:00:00 GMT', 0],
        ...['soon', '-5', '1.5', '60s', '2026-11-23', '5 minutes', ''].map(
          (nonsense) => [nonsense, undefined] as const,
        ),
      ] as const)('with the wait that is asked for: %p', async (header, waitMs) => {
        for (const status of [429, 503]) {
          const headers = { 'Retry-After': header, Date: new Date(NOW).toUTCString() };
          expect((await failureUnder({ status, headers })).retryAfterMs).toBe(waitMs);
        }
      });

      test('with a wait that is right though the server’s clock is wrong', async () => {
        const headers = { Date: 'Mon, 23 Nov 2026 05:00:00 GMT', 'Retry-After': 'Mon, 23 Nov 2026 05:00:30 GMT' };
        expect((await failureUnder({ status: 429, headers })).retryAfterMs).toBe(30_000);
        // Without the server’s clock there is only our own.
        const alone = { Date: 'unknown', 'Retry-After': 'Mon, 23 Nov 2026 06:20:30 GMT' };
        expect((await failureUnder({ status: 429, headers: alone })).retryAfterMs).toBe(30_000);
      });

      test('with what the provider means by it, where that is something else', async () => {
        const refusals: HttpRefusal[] = [];
        const own = new SourceError('ZoneUnknown', 'no such zone');
        const fault = { status: 400, body: 'x'.repeat(3_000), headers: { 'Retry-After': '3' } };
        const meaningOf = (refusal: HttpRefusal): SourceError | undefined => {
          refusals.push(refusal);
          return refusals.length === 1 ? own : undefined;
        };
        expect(await failureUnder(fault, { meaningOf })).toBe(own);
        expect(await failureUnder(fault, { meaningOf })).toMatchObject({ code: 'Malformed', retryAfterMs: 3_000 });
        expect(refusals[0]).toEqual({ status: 400, body: 'x'.repeat(2_048), retryAfterMs: 3_000 });
      });
    });

    describe('takes for malformed', () => {
      test.each<[string, StandInReply, RegExp]>([
        ['no body at all', { status: 200 }, /no JSON: $/],
        ['a page of HTML', { body: '<html>Maintenance' }, /no JSON: <html>Maintenance$/],
        ['bytes that are no UTF-8', { body: Buffer.from('{"zone":"Malm\xf6","figures":[]}', 'latin1') }, /no JSON: /],
        ['a long text, of which it shows the beginning', { body: 'x'.repeat(5_000) }, /no JSON: x{80}…$/],
        ['JSON of another shape', { body: [1] }, /out of its contract: the reply must be object, and is \[1\]$/],
        ['null', { body: 'null' }, /the reply must be object, and is null$/],
        ['a field that is missing', { body: { zone: 'DE' } }, /the reply must have required property 'figures'/],
        ['a figure that is a text', { body: { ...BODY, figures: [1, '2'] } }, /figures\.1 must be number, and is "2"$/],
        ['a figure that is null', { body: { ...BODY, figures: [null] } }, /figures\.0 must be number, and is null$/],
        ['a figure without bounds', { body: '{"zone":"DE","figures":[1e999]}' }, /figures\.0 must be number/],
      ])('%s', async (_, reply, says) => {
        const error = await failureUnder(reply);
        expect(error.code).toBe('Malformed');
        expect(error.message).toMatch(says);
        expect(error.message).toContain(`vendor at ${server.url}/v1/figures answers`);
      });

      test('JSON that is cut', async () => {
        expect((await failureUnder('truncated')).code).toBe('Malformed');
      });
    });

    describe('takes for unavailable', () => {
      test.each<[string, StandInFault]>([
        ['a connection that breaks before the reply', 'reset'],
        ['a connection that breaks within the reply', 'reset within the reply'],
        ['a reply that is too long', { body: { ...BODY, zone: 'x'.repeat(MAX_REPLY_BYTES) } }],
        [
          'a reply that unpacks to what is too long',
          { body: gzipSync(Buffer.alloc(50 * MAX_REPLY_BYTES, ' ')), headers: { 'Content-Encoding': 'gzip' } },
        ],
        ['a reply that does not unpack', { body: 'no gzip', headers: { 'Content-Encoding': 'gzip' } }],
      ])('%s', async (_, fault) => {
        const error = await failureUnder(fault);
        expect(error.code).toBe('Unavailable');
        expect(error.message).toContain(`vendor at ${server.url}/v1/figures gave no whole answer`);
        expect((await askUnder({ body: BODY })).body).toEqual(BODY);
      });

      test('a server that is not there', async () => {
        const gone = await another();
        await gone.stop();
        expect(await failureOf(ask({ url: `${gone.url}/x` }))).toMatchObject({
          code: 'Unavailable',
          message: expect.stringContaining('ECONNREFUSED'),
        });
      });

      test('an address that is none', async () => {
        expect((await failureOf(ask({ url: 'no address' }))).code).toBe('Unavailable');
      });
    });

    describe('keeps the key to itself:', () => {
      test('it is not sent on to where a redirect leads', async () => {
        const elsewhere = await another();
        for (const status of [301, 302, 303, 307, 308]) {
          const headers = { Location: `${elsewhere.url}/v1/figures` };
          const error = await failureUnder({ status, headers }, { headers: { 'auth-token': KEY } });
          expect(error.message).toMatch(/the address has moved: set the new one in the configuration$/);
        }
        expect(elsewhere.requests).toEqual([]);
      });

      test.each<[string, StandInFault]>([
        ...[400, 401, 403, 404, 429, 500].map((status): [string, StandInFault] => [
          `of a refusal that repeats it, ${String(status)},`,
          { status, body: { error: `no account has ${KEY}`, key: KEY } },
        ]),
        ['of a page that repeats it', { body: `<title>${KEY}</title>` }],
        ['of a field that repeats it', { body: { ...BODY, figures: [`${'x'.repeat(70)}${KEY}`] } }],
        ['of a reply that breaks', 'reset within the reply'],
        ['of no reply', 'reset'],
        ['of one that is too long', { body: 'x'.repeat(2 * MAX_REPLY_BYTES) }],
      ])('%s nothing tells the key', async (_, fault) => {
        for (const headers of [{ 'auth-token': KEY }, { Authorization: `Bearer ${KEY}` }]) {
          const seen: HttpRefusal[] = [];
          const meaningOf = (refusal: HttpRefusal): undefined => void seen.push(refusal);
          const error = await failureUnder(fault, { headers, meaningOf });
          expect(wholeTextOf(error)).not.toContain(KEY);
          expect(JSON.stringify(seen)).not.toContain(KEY);
        }
      });

      test('of a server that is not there nothing tells the key', async () => {
        const gone = await another();
        await gone.stop();
        const error = await failureOf(ask({ url: gone.url, headers: { 'auth-token': KEY } }));
        expect(wholeTextOf(error)).not.toContain(KEY);
      });
    });

    describe('gives up with its caller', () => {
      const reason = new Error('shutting down');

      test('before it has asked', async () => {
        const before = server.requests.length;
        await expect(ask({}, AbortSignal.abort(reason))).rejects.toBe(reason);
        expect(server.requests).toHaveLength(before);
      });

      test('while it waits for a reply, and ends the connection', async () => {
        server.failAlways('hang');
        const caller = new AbortController();
        const asked = ask({}, caller.signal);
        await eventually('the server is asked', () => server.hanging === 1);
        caller.abort(reason);
        await expect(asked).rejects.toBe(reason);
        await eventually('the connection has ended', () => server.hanging === 0);
      });

      test('and leaves nothing behind on a signal that lives on', async () => {
        const { signal } = new AbortController();
        for (const fault of [{ body: BODY }, { status: 500 }, { body: 'no JSON' }, 'reset'] as const) {
          server.failAlways(fault);
          await ask({}, signal).catch(() => undefined);
        }
        expect(getEventListeners(signal, 'abort')).toHaveLength(0);
      });
    });
  });
}

async function failureOf(asked: Promise<unknown>): Promise<SourceError> {
  const outcome = await asked.then(
    () => 'answered',
    (error: unknown) => error,
  );
  if (outcome instanceof SourceError) return outcome;
  throw new Error(`a SourceError was expected, it was ${String(outcome)}`, { cause: outcome });
}

/** Everything that can be seen of an error: its message, its stack, what caused it, and its fields. */
function wholeTextOf(error: Error): string {
  return [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join(
    '\n',
  );
}
