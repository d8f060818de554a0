import type { HttpRefusal } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';

const SHOWN_WORDS = 300;
/** `/v3/region-from-loc` says "No coverage available"; what is said of a region by name is not documented. */
const NO_REGION = /no coverage|(unknown|invalid|no such) region|region\b.{0,60}\b(not|unknown|invalid)\b/i;

/** A grid zone and the region that stands for it. */
export interface Place {
  readonly zone: string;
  readonly region: string;
}

/**
 * What WattTime means by a refusal of data. 403 is its word for a plan that has not what was asked for, with JSON, and also
 * for a token that has ended, with nginx's page; the latter, and 401, are left to what HTTP says of them.
 */
export function meaningOf({ zone, region }: Place, { status, body }: HttpRefusal): SourceError | undefined {
  const words = wordsIn(body);
  if (words === undefined) return undefined;
  if (status === 403) {
    return new SourceError(
      'NotEntitled',
      `the account at watttime has not this for zone ${zone} (${region}): ${words}; /v3/my-access tells what it has`,
    );
  }
  if ([400, 404, 422].includes(status) && NO_REGION.test(words)) {
    return new SourceError(
      'ZoneUnknown',
      `watttime does not know ${region}, the region of zone ${zone}: ${words}; name another in its \`regions\``,
    );
  }
  return undefined;
}

/** The sentences of a refusal in JSON; `undefined` where it is none. */
function wordsIn(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { error, message } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const words = [error, message].filter((one) => typeof one === 'string').join(': ');
  return (words === '' ? body : words).slice(0, SHOWN_WORDS);
}
