import type { HttpRefusal, JsonRequest } from '../../ports/http.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import { withoutCredentials } from './credentials.ts';

const SHOWN_BODY = 200;
const PASSED_BODY = 2_048;

/** What a reply that is no success means: to the provider, or else to HTTP. */
export function refusalOf<T>(request: JsonRequest<T>, refusal: HttpRefusal): SourceError {
  const body = withoutCredentials(refusal.body, request.headers).slice(0, PASSED_BODY);
  const passed = { ...refusal, body };
  return request.meaningOf?.(passed) ?? commonMeaning(request, passed);
}

function commonMeaning<T>({ provider, url }: JsonRequest<T>, { status, body, retryAfterMs }: HttpRefusal): SourceError {
  const words = inWords(body);
  const message = `${provider} answers ${String(status)} at ${url}${words === '' ? '' : `: ${words}`}${remedyFor(status)}`;
  return new SourceError(codeOf(status), message, { retryAfterMs });
}

function codeOf(status: number): SourceErrorCode {
  if (status === 204 || status === 404) return 'NoData';
  if (status === 401 || status === 403) return 'Unauthorised';
  if (status === 429) return 'QuotaExceeded';
  return status >= 500 ? 'Unavailable' : 'Malformed';
}

function remedyFor(status: number): string {
  if (status >= 300 && status < 400) return '; the address has moved: set the new one in the configuration';
  return status === 401 || status === 403 ? '; look at the key in its Secret' : '';
}

/** The sentence in a refusal: of JSON its message, of HTML its title, of text its beginning. */
function inWords(body: string): string {
  const text = sentenceIn(body) ?? /<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? body;
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > SHOWN_BODY ? `${line.slice(0, SHOWN_BODY)}…` : line;
}

function sentenceIn(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { message, error, detail } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const nested =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)['message'] : undefined;
  return [message, detail, nested, error].find((words) => typeof words === 'string');
}
