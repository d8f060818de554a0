import type { SourceError } from '../ports/source-error.ts';

/** Why sources had no answer, each by name; most messages begin with it anyway. */
export function failureWords(failures: readonly { readonly source: string; readonly error: SourceError }[]): string {
  return failures
    .map(({ source, error: { message } }) => (message.startsWith(source) ? message : `${source}: ${message}`))
    .join('; ');
}
