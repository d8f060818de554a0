import { describe, expect, test } from '@jest/globals';
import { MADE_UP_TOKEN, REDACTED, Scrubber, SecretError } from './scrubber.ts';

const KEY = 'k3y/with+signs "4711"';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the scrubber', () => {
  test.each([
    ['as it is', KEY],
    ['in other letters', KEY.toUpperCase()],
    ['as in an address', encodeURIComponent(KEY)],
    ['as in a form', encodeURIComponent(KEY).replaceAll('%20', '+')],
    ['as in JSON', JSON.stringify(KEY).slice(1, -1)],
    ['as in an Authorization header', base64(KEY)],
    ['as in a token', base64(KEY).replaceAll('+', '-').replaceAll('/', '_')],
  ])('takes a secret out that is written %s', (_, text) => {
    const scrubber = new Scrubber([KEY]);
    const scrubbed = scrubber.scrub({ error: `no ${text} here`, [text]: [text, 7, null, true] });
    expect(scrubbed).toMatchObject({ error: expect.stringMatching(/^no REDACTED=* here$/) });
    expect(Object.keys(scrubbed)).toHaveLength(2);
    scrubber.assertClean(JSON.stringify(scrubbed));
  });

  test('takes the longest of several that begin alike', () => {
    expect(new Scrubber(['someone', 'someone-else']).scrub('for someone-else and someone')).toBe(
      `for ${REDACTED} and ${REDACTED}`,
    );
  });

  test('writes a made-up token where a login gave one, and takes the real one out everywhere', () => {
    const scrubber = new Scrubber([]);
    const scrubbed = scrubber.scrub([
      { token: 'of-this-session-4711', access_token: 'another-4712', tokens: 2 },
      { text: 'Bearer of-this-session-4711' },
    ]);
    expect(scrubbed).toEqual([
      { token: MADE_UP_TOKEN, access_token: MADE_UP_TOKEN, tokens: 2 },
      { text: `Bearer ${REDACTED}` },
    ]);
    expect(() => {
      scrubber.assertClean('another-4712');
    }).toThrow(SecretError);
  });

  test.each([
    ['a number', 'the-key-is-471147114711', { id: 471_147_114_711 }],
    ['a part of it', 'abcdefghijklmnopqrstuvwxyz', { error: 'unknown key abcdefghijkl…' }],
    ['its end', 'abcdefghijklmnopqrstuvwxyz', { error: 'unknown key …opqrstuvwxyz' }],
  ])('says so where a secret is left: %s', (_, secret, body) => {
    const scrubber = new Scrubber([secret]);
    const text = JSON.stringify(scrubber.scrub(body));
    expect(() => {
      scrubber.assertClean(text);
    }).toThrow(SecretError);
    expect(() => {
      scrubber.assertClean(text);
    }).not.toThrow(secret);
  });

  test('does not let a JSON web token pass, whoever gave it', () => {
    const token = `${base64('{"alg":"RS256"}')}.${base64('{"sub":"someone"}')}.signature`;
    expect(() => {
      new Scrubber([]).assertClean(`{"session":"${token}"}`);
    }).toThrow('what looks like a token');
  });

  test('refuses a secret that can not be told from other text, without saying it', () => {
    expect(() => new Scrubber(['GB1'])).toThrow(SecretError);
    expect(() => new Scrubber(['GB1'])).not.toThrow('GB1');
  });

  test('leaves alone what is none', () => {
    const body = { zone: 'SE-SE3', rows: [{ value: 1.5, at: '2026-11-23T10:00:00Z' }], none: null };
    const scrubber = new Scrubber(['not-in-there']);
    expect(scrubber.scrub(body)).toEqual(body);
    scrubber.assertClean(JSON.stringify(body));
  });
});
