import { expect, test } from '@jest/globals';
import { withoutCredentials } from './credentials.ts';

test('what a provider repeats of a key is left out, wherever it stands', () => {
  const headers = { 'auth-token': 'k-4711' };
  expect(withoutCredentials('no account has k-4711, "k-4711"', headers)).toBe(
    'no account has (credentials), "(credentials)"',
  );
});

test('of a scheme and a token both together and the token alone are left out', () => {
  const headers = { Authorization: 'Bearer k-4711' };
  expect(withoutCredentials('Bearer k-4711 is no token; k-4711 has ended', headers)).toBe(
    '(credentials) is no token; (credentials) has ended',
  );
});

test('of two keys one of which is part of the other nothing is left', () => {
  expect(withoutCredentials('abcdef abc', { one: 'abc', two: 'abcdef' })).toBe('(credentials) (credentials)');
});

test('signs that mean something in patterns or in replacements mean nothing', () => {
  expect(withoutCredentials('key $&.* is wrong', { key: '$&.*' })).toBe('key (credentials) is wrong');
});

test('a text is as it was where there are no headers, or empty ones', () => {
  expect(withoutCredentials('as it was')).toBe('as it was');
  expect(withoutCredentials('as it was', { key: '', other: ' ' })).toBe('as it was');
});
