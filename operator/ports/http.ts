import type { DurationMs, EpochMs } from '../domain/units.ts';
import type { SourceError } from './source-error.ts';

declare const reply: unique symbol;

/**
 * What a reply looks like, as JSON Schema (2020-12 as far as ajv 8's default goes); `T` says the same in TypeScript.
 * It names what is read and lets through what it does not name: providers add fields without notice.
 */
export type ReplyShape<T> = Readonly<Record<string, unknown>> & { readonly [reply]?: T };

/** A reply that is no success. */
export interface HttpRefusal {
  readonly status: number;
  /** Its first 2,048 characters. */
  readonly body: string;
  /** From `Retry-After`, in seconds or as a date. */
  readonly retryAfterMs: DurationMs | undefined;
}

export interface JsonRequest<T> {
  /** Whose API it is: label of metrics, and in errors. */
  readonly provider: string;
  /** Without a query. */
  readonly url: string;
  /** A list repeats the parameter. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** They may hold credentials: never logged, never part of an error, never sent on to another host. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly shape: ReplyShape<T>;
  /** What a refusal means where this provider means something else by it than HTTP does; `undefined`: the same. */
  readonly meaningOf?: (refusal: HttpRefusal) => SourceError | undefined;
}

export interface JsonReply<T> {
  readonly body: T;
  /** The provider's own clock at the time of the reply (`Date`), to the second; absent where it doesn't say. */
  readonly serverTime: EpochMs | undefined;
}

/**
 * GET of JSON. Throws `SourceError`, or `abort.reason` once `abort` has fired:
 * 204 and 404 `NoData`, 401 and 403 `Unauthorised`, 429 `QuotaExceeded`, other 4xx and 3xx `Malformed` (the request is not
 * what the provider takes, or its address has moved), 5xx and no whole reply `Unavailable`, a body that is no JSON or not of
 * the shape `Malformed`. Redirects are not followed: they would carry the key to whoever is named.
 */
export interface HttpClient {
  getJson<T>(request: JsonRequest<T>, abort: AbortSignal): Promise<JsonReply<T>>;
}
