import type { Problem } from '../api/v1alpha1/parse/field-reader.ts';
import { UsageError } from './answer.ts';

const MOST_SHOWN = 10;

/** Throws a {@link UsageError} that names a file and everything that is wrong with it; nothing where nothing is. */
export function refuseIfAny(origin: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => `  ${inWords(problem)}`);
  const rest = problems.length - shown.length;
  const more = rest > 0 ? [`  and ${String(rest)} more`] : [];
  throw new UsageError([`${origin} can't be used:`, ...shown, ...more].join('\n'));
}

function inWords({ field, value, message }: Problem): string {
  const place = placeOf(field);
  if (message.startsWith('"')) return `${place}: ${message}`;
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? `${place}: ${JSON.stringify(value)} ${message}` : `${place} ${message}`;
}

/** Of a row of a table `line 7, devices`, else the path from the root of the document. */
function placeOf(field: string): string {
  return field.replace(/^(line \d+)\./, '$1, ').replace(/^scenario\./, '');
}
