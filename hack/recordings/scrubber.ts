export const REDACTED = 'REDACTED';
/** In place of what a login gave. Adapters read it and send it along, so that something has to stand there. */
export const MADE_UP_TOKEN = 'made-up-token';

/** Shorter ones can't be told from other text. */
const SHORTEST_SECRET = 4;
/** Providers may quote the beginning or the end of a key. */
const TELLING_PART = 12;
const TOKEN_FIELD = /token$/i;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}/;

/** A secret would be in the file, or can't be kept out of it; the message doesn't say which. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** Takes keys, passwords and tokens out of what is to be written to a file, and says whether it got them all. */
export class Scrubber {
  readonly #secrets = new Set<string>();

  /** Throws {@link SecretError} for a secret that is too short to be found. */
  constructor(secrets: readonly string[]) {
    for (const secret of secrets) {
      if (secret.length < SHORTEST_SECRET) {
        throw new SecretError(
          `a secret of fewer than ${SHORTEST_SECRET} characters can't be told from other text, and so not be kept out of a recording`,
        );
      }
      this.#secrets.add(secret);
    }
  }

  /** The same with {@link REDACTED} for each secret, however it is written, and {@link MADE_UP_TOKEN} in fields that hold tokens. */
  scrub<T>(value: T): T {
    const withoutTokens = mapped(value, (text, field) => {
      if (!TOKEN_FIELD.test(field) || text === '') return text;
      if (text.length >= SHORTEST_SECRET) this.#secrets.add(text);
      return MADE_UP_TOKEN;
    });
    const pattern = this.#pattern();
    return (
      pattern === undefined ? withoutTokens : mapped(withoutTokens, (text) => text.replace(pattern, REDACTED))
    ) as T;
  }

  /** Throws {@link SecretError} where a secret, a telling part of one or a JSON web token is left. */
  assertClean(text: string): void {
    const found = text.toLowerCase();
    const isThere = [...this.#secrets].some(
      (secret) =>
        formsOf(secret).some((form) => found.includes(form.toLowerCase())) ||
        partsOf(secret.toLowerCase()).some((part) => found.includes(part)),
    );
    if (!isThere && !JSON_WEB_TOKEN.test(text)) return;
    const what = isThere ? 'a secret or a part of one' : 'what looks like a token';
    throw new SecretError(
      `the provider's replies hold ${what} that could not be taken out: nothing was written; see what it says, and teach hack/recordings/scrubber.ts`,
    );
  }

  #pattern(): RegExp | undefined {
    const forms = [...new Set([...this.#secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    return forms.length === 0 ? undefined : new RegExp(forms.map(literally).join('|'), 'gi');
  }
}

/** As it is, as in an address, as in JSON, and as in an Authorization header. */
function formsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    secret,
    encoded,
    encoded.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
  ];
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function partsOf(secret: string): readonly string[] {
  const count = Math.max(0, secret.length - TELLING_PART + 1);
  return Array.from({ length: count }, (_, k) => secret.slice(k, k + TELLING_PART));
}

/** All texts in a value, names of fields included, each changed; `field` is the name of the field that it is in. */
function mapped(value: unknown, change: (text: string, field: string) => string, field = ''): unknown {
  if (typeof value === 'string') return change(value, field);
  if (Array.isArray(value)) return value.map((one) => mapped(one, change, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [change(name, ''), mapped(one, change, name)]));
}
