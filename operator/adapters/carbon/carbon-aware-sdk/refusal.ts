import type { HttpRefusal } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';

const SHOWN_WORDS = 300;
/** What .NET says where the SDK takes the first row of a forecast without rows: the status is then 400. */
const EMPTY_FORECAST = 'Sequence contains no elements';

/** What was asked, in the words of the configuration. */
export interface Asked {
  readonly zone: string;
  readonly location: string;
  readonly what: 'forecast' | 'history';
}

/**
 * What the SDK means by a refusal: RFC 7807, with the status of its own data source where that is what refused. It has no
 * keys for its callers, so that a 401 or 403 of it is about the keys that it has for others.
 */
export function meaningOf(asked: Asked, { status, body }: HttpRefusal): SourceError | undefined {
  const { zone, location, what } = asked;
  const words = wordsIn(body);
  if (status === 204 || words?.includes(EMPTY_FORECAST) === true) {
    return new SourceError('NoData', `carbon-aware-sdk has no ${what} of ${location}, the location of zone ${zone}`);
  }
  if (words === undefined) return undefined;
  if (status === 501 || /DataSource is not configured/i.test(words)) {
    const code = what === 'forecast' ? 'ForecastUnsupported' : 'HistoryUnsupported';
    return new SourceError(code, `the data source behind carbon-aware-sdk has no ${what}: ${words}`);
  }
  if (/unknown location/i.test(words)) {
    return new SourceError(
      'ZoneUnknown',
      `carbon-aware-sdk does not know ${location}, the location of zone ${zone}: ${words}; name another in its \`locations\``,
    );
  }
  if (status === 401 || status === 403) {
    return new SourceError(
      'Unauthorised',
      `the data source behind carbon-aware-sdk refuses it (${String(status)}): ${words}; look at the credentials that the SDK has`,
    );
  }
  if (status === 400) return new SourceError('Malformed', `carbon-aware-sdk does not take the question: ${words}`);
  return undefined;
}

/** Title, detail and errors of a problem; `undefined` where the body is none. */
function wordsIn(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { title, detail, errors } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const words = [title, detail, ...fieldsOf(errors)].filter((one) => typeof one === 'string');
  return words.length === 0 ? undefined : words.join(': ').slice(0, SHOWN_WORDS);
}

/** A stack trace is what verbose configurations add, and no help here. */
function fieldsOf(errors: unknown): readonly string[] {
  if (typeof errors !== 'object' || errors === null) return [];
  return Object.entries(errors).flatMap(([field, messages]) =>
    field === 'stackTrace' || !Array.isArray(messages) ? [] : [`${field} ${messages.map(String).join(', ')}`],
  );
}
