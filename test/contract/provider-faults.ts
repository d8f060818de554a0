import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StandIn, StandInFault, StandInReply, StandInRequest } from '../../hack/stand-ins/stand-in.ts';
import { SourceError, type SourceErrorCode } from '../../operator/ports/source-error.ts';

/** What is wrong with a provider's reply, in the words of the suite. */
export const PROVIDER_FAULTS = [
  'a key that it does not take',
  'a plan that has not the zone',
  'a page of HTML with 403',
  'no data, with 404',
  '429 with Retry-After',
  '429 without Retry-After',
  'a fault of its own, 500',
  'a fault of its own, 503',
  'a connection that breaks before the reply',
  'a connection that breaks within the reply',
  'JSON that is cut',
  'a page of HTML with 200',
  'a reply for another zone',
  'figures that are null',
] as const;
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/** What comes of a fault; or the reason why this provider can't have it. */
export type FaultCase =
  | { readonly fault: StandInFault; readonly code: SourceErrorCode; readonly says?: string | RegExp }
  /** Nothing is thrown: the rows are left out, so that there is a gap. `rows` counts those that are left. */
  | { readonly fault: StandInFault; readonly rows: number }
  | { readonly impossibleBecause: string };

export interface ProviderUnderTest {
  readonly standIn: StandIn;
  /** One question to the adapter; its samples. */
  readonly ask: (abort: AbortSignal) => Promise<readonly object[]>;
  /** Texts that must be in no error: keys and passwords. */
  readonly secrets: readonly string[];
  /** Requests that no fault befalls: of a login before the question. */
  readonly spares?: (request: StandInRequest) => boolean;
  readonly close: () => Promise<void>;
}

const html = (title: string): string => `<html><head><title>${title}</title></head><body>nginx</body></html>`;

/** What HTTP says, whoever the provider is; an adapter says what differs, and what is its own: keys, plans, zones, nulls. */
const COMMON: Readonly<Partial<Record<ProviderFault, FaultCase>>> = {
  'a page of HTML with 403': {
    fault: { status: 403, body: html('403 Forbidden') },
    code: 'Unauthorised',
    says: '403 Forbidden',
  },
  'no data, with 404': { fault: { status: 404, body: { error: 'No recent data' } }, code: 'NoData' },
  '429 with Retry-After': {
    fault: { status: 429, body: 'slow down', headers: { 'Retry-After': '17' } },
    code: 'QuotaExceeded',
  },
  '429 without Retry-After': {
    fault: { status: 429, body: { message: 'slow down' } },
    code: 'QuotaExceeded',
    says: 'slow down',
  },
  'a fault of its own, 500': { fault: { status: 500, body: 'oops' }, code: 'Unavailable', says: '500' },
  'a fault of its own, 503': {
    fault: { status: 503, body: html('Service Unavailable') },
    code: 'Unavailable',
    says: '503',
  },
  'a connection that breaks before the reply': { fault: 'reset', code: 'Unavailable' },
  'a connection that breaks within the reply': { fault: 'reset within the reply', code: 'Unavailable' },
  'JSON that is cut': { fault: 'truncated', code: 'Malformed', says: 'no JSON' },
  'a page of HTML with 200': { fault: { status: 200, body: html('Maintenance') }, code: 'Malformed', says: 'no JSON' },
};

/** The rest of {@link PROVIDER_FAULTS}, which every adapter states for itself; any of the common ones may be stated anew. */
export type OwnFaultCases = Readonly<
  Record<
    | 'a key that it does not take'
    | 'a plan that has not the zone'
    | 'a reply for another zone'
    | 'figures that are null',
    FaultCase
  > &
    Partial<Record<ProviderFault, FaultCase>>
>;

/** How an adapter bears what its provider does wrong: one suite, run by each adapter that speaks HTTP. */
export function providerFaultsContract(
  name: string,
  setUp: () => Promise<ProviderUnderTest>,
  cases: OwnFaultCases,
): void {
  describe(`${name}, when its provider answers with`, () => {
    const never = new AbortController().signal;
    let subject: ProviderUnderTest;
    beforeAll(async () => {
      subject = await setUp();
    });
    const failWith = (fault: StandInFault): void => {
      subject.standIn.failBy((request) => (subject.spares?.(request) === true ? undefined : fault));
    };
    beforeEach(() => {
      subject.standIn.failAlways(undefined);
    });
    afterAll(async () => {
      await subject.close();
    });

    test.each(PROVIDER_FAULTS)('%s', async (fault) => {
      const expected = cases[fault] ?? COMMON[fault];
      if (expected === undefined) throw new Error(`no case for "${fault}"`);
      if ('impossibleBecause' in expected) {
        expect(expected.impossibleBecause.length).toBeGreaterThan(10);
        return;
      }
      failWith(expected.fault);
      if ('rows' in expected) {
        expect(await subject.ask(never)).toHaveLength(expected.rows);
        return;
      }
      const error = await failureOf(subject.ask(never));
      expect(error.code).toBe(expected.code);
      if (expected.says !== undefined) expect(error.message).toMatch(expected.says);
      expect(error.retryAfterMs).toBe(fault === '429 with Retry-After' ? 17_000 : undefined);
      for (const secret of subject.secrets) expect(wholeTextOf(error)).not.toContain(secret);
    });

    test('no answer at all: it gives up with its caller', async () => {
      failWith('hang');
      const caller = new AbortController();
      const asked = subject.ask(caller.signal);
      const before = subject.standIn.requests.length;
      const reason = new Error('no more time');
      while (subject.standIn.requests.length === before) await new Promise((resolve) => setImmediate(resolve));
      caller.abort(reason);
      await expect(asked).rejects.toBe(reason);
    });

    test('what it should, after all that', async () => {
      expect((await subject.ask(never)).length).toBeGreaterThan(0);
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

function wholeTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.message, error.stack ?? '', wholeTextOf(error.cause ?? '')].join('\n');
}

/** The reply's body, changed in place of the provider: for what no fixed reply can say. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the test says what the provider's body is
export function changed<T>(change: (body: T) => unknown): (reply: StandInReply) => StandInReply {
  return (reply) => ({ ...reply, body: change(structuredClone(reply.body) as T) as object });
}
