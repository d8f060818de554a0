import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonRequest, ReplyShape } from '../../ports/http.ts';
import { SourceError } from '../../ports/source-error.ts';
import { withoutCredentials } from './credentials.ts';

const SHOWN_VALUE = 80;

/** Holds replies to their shapes. A shape is compiled once. */
export class ReplyShapes {
  readonly #ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true });
  readonly #compiled = new WeakMap<object, ValidateFunction>();

  /** Throws SourceError `Malformed` that names the field and its value. */
  read<T>({ provider, url, headers, shape }: JsonRequest<T>, reply: Buffer): T {
    const json = parsed(reply);
    if (json === undefined) {
      const said = excerpt(reply.toString('utf8'), headers);
      throw new SourceError('Malformed', `${provider} at ${url} answers with what is no JSON: ${said}`);
    }
    const validate = this.#validatorOf(shape);
    if (validate(json)) return json as T;
    const [error] = validate.errors ?? [];
    const wrong = `${fieldOf(error)} ${error?.message ?? 'is wrong'}`;
    const value = excerpt(error?.data === undefined ? 'absent' : JSON.stringify(error.data), headers);
    throw new SourceError('Malformed', `${provider} at ${url} answers out of its contract: ${wrong}, and is ${value}`);
  }

  #validatorOf<T>(shape: ReplyShape<T>): ValidateFunction {
    const known = this.#compiled.get(shape);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile(shape);
    this.#compiled.set(shape, validate);
    return validate;
  }
}

/** JSON is UTF-8, and what is not is no JSON. */
function parsed(reply: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(reply));
  } catch {
    return undefined;
  }
}

function fieldOf(error: ErrorObject | undefined): string {
  const field = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  return field === '' ? 'the reply' : field;
}

function excerpt(text: string, headers: JsonRequest<unknown>['headers']): string {
  const shown = withoutCredentials(text, headers);
  return shown.length > SHOWN_VALUE ? `${shown.slice(0, SHOWN_VALUE)}…` : shown;
}
