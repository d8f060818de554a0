import type { JsonRequest } from '../../ports/http.ts';

const PUT_INSTEAD = '(credentials)';

/** What a provider says, without what the request's headers hold: some repeat the key that they refuse. */
export function withoutCredentials(said: string, headers: JsonRequest<unknown>['headers'] = {}): string {
  // Of `Bearer <token>` the token alone as well; the longer first, or else a part of it would be left.
  const held = Object.values(headers).flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)]);
  const longestFirst = held.filter((text) => text.trim() !== '').toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((text, secret) => text.replaceAll(secret, PUT_INSTEAD), said);
}
