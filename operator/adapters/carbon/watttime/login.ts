import { MINUTE_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient, HttpRefusal } from '../../../ports/http.ts';
import type { Secret } from '../../../ports/secrets.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { SingleFlight } from '../../../runtime/single-flight.ts';
import { LOGIN } from './reply.ts';

export interface LoginOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly username: Secret;
  readonly password: Secret;
  /** Without a version, since the login has none: `https://api.watttime.org`. */
  readonly baseUrl: string;
}

/** A token holds for 30 minutes, https://docs.watttime.org, "Login & Obtain Token". It is renewed before that. */
const USED_FOR_MS: DurationMs = 25 * MINUTE_MS;

interface Token {
  readonly text: string;
  readonly renewAt: EpochMs;
}

/**
 * The token of an account. However many ask for it at once, one login is made: the provider takes 100 of them in five
 * minutes. A caller that goes away gives up alone; the login ends once nobody waits for it any more.
 */
export class Login {
  readonly #options: LoginOptions;
  #token: Token | undefined;
  readonly #flights = new SingleFlight<string>();

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Throws SourceError; `Unauthorised` where the account's name or password is not taken. */
  async token(abort: AbortSignal): Promise<string> {
    abort.throwIfAborted();
    const known = this.#token;
    if (known !== undefined && this.#options.clock.now() < known.renewAt) return known.text;
    return this.#flights.do('login', (shared) => this.#logIn(shared), abort);
  }

  /** The provider does not take this token any more. One that came in the meantime is kept. */
  forget(token: string): void {
    if (this.#token?.text === token) this.#token = undefined;
  }

  async #logIn(abort: AbortSignal): Promise<string> {
    const { http, clock, username, password, baseUrl } = this.#options;
    const askedAt = clock.now();
    const credentials = await Promise.all([username.read(), password.read()]);
    const url = `${baseUrl}/login`;
    const refused: { by?: HttpRefusal } = {};
    const request = {
      provider: 'watttime',
      url,
      headers: { Authorization: `Basic ${Buffer.from(credentials.join(':')).toString('base64')}` },
      shape: LOGIN,
      meaningOf: (refusal: HttpRefusal) => {
        refused.by = refusal;
        return meaningOf(url, refusal);
      },
    };
    try {
      const { body } = await http.getJson(request, abort);
      this.#token = { text: body.token, renewAt: askedAt + USED_FOR_MS };
      return body.token;
    } catch (error) {
      const isOdd = error instanceof SourceError && error.code === 'Malformed' && refused.by === undefined;
      // What is said of an odd reply quotes it, and this one may hold a token.
      throw isOdd ? new SourceError('Malformed', `watttime answers at ${url} with no JSON that has a token`) : error;
    }
  }
}

function meaningOf(url: string, { status }: HttpRefusal): SourceError | undefined {
  if (status !== 404 && status !== 204) return undefined;
  return new SourceError(
    'Malformed',
    `watttime has no login at ${url} (${String(status)}); set its address without a version, as https://api.watttime.org`,
  );
}
