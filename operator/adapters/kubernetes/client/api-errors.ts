import type { IncomingHttpHeaders } from 'node:http';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { KubernetesApiError } from '../../../ports/kubernetes-api.ts';
import type { StatusCause } from '../../../ports/kubernetes-api.ts';

/** The Status object (meta/v1) of a refusal, as far as it is read. */
interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly retryAfterSeconds?: number; readonly causes?: readonly StatusCause[] };
}

/** Where no Status object says it: what a proxy in front of the API server answers. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
const LONGEST_EXCERPT = 200;

/** The error of an answer that is not 2xx. `doing` says what was asked, e.g. `creating jobs.batch research/llama`. */
export function refusal(
  doing: string,
  answer: { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string },
  now: EpochMs,
): KubernetesApiError {
  const { status, headers, body } = answer;
  const parsed = parseStatus(body);
  const message = parsed?.message ?? (excerpt(body) || 'no message');
  const retryAfterMs = retryAfter(headers['retry-after'], now) ?? seconds(parsed?.details?.retryAfterSeconds);
  return new KubernetesApiError({
    status,
    reason: parsed?.reason ?? REASONS[status] ?? `Http${status}`,
    message: `${doing}: ${message} (HTTP ${status})`,
    retryAfterMs,
    causes: parsed?.details?.causes,
  });
}

/** The error of an ERROR event of a watch, whose object is a Status. */
export function watchRefusal(doing: string, object: unknown): KubernetesApiError {
  const status = (object ?? {}) as Status;
  const code = status.code ?? 500;
  return new KubernetesApiError({
    status: code,
    reason: status.reason ?? REASONS[code] ?? 'InternalError',
    message: `${doing}: ${status.message ?? 'the server ended the watch without a message'}`,
    retryAfterMs: seconds(status.details?.retryAfterSeconds),
  });
}

/** The error of a request that got no whole answer. */
export function unanswered(doing: string, reason: UnansweredReason, cause: unknown): KubernetesApiError {
  const words = (cause as { message?: string } | null | undefined)?.message ?? String(cause);
  return new KubernetesApiError({ status: 0, reason, message: `${doing}: ${words}` }, { cause });
}

export type UnansweredReason =
  'Unreachable' | 'Silent' | 'Truncated' | 'Malformed' | 'TooLarge' | 'CredentialsUnreadable';

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | undefined, now: EpochMs): DurationMs | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return seconds(Number(header));
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function seconds(value: number | undefined): DurationMs | undefined {
  return value === undefined || !(value >= 0) ? undefined : value * 1_000;
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed = JSON.parse(body) as { kind?: string } | null;
    return parsed?.kind === 'Status' ? (parsed as Status) : undefined;
  } catch {
    return undefined;
  }
}

function excerpt(body: string): string {
  const text = body.trim();
  return text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
}
