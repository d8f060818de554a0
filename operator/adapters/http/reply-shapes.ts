import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonRequest, ReplyShape } from '../../ports/http.ts';
import { SourceError } from '../../ports/source-error.ts';

const SHOWN_VALUE = 80;

/** Holds replies to their shapes. A shape is compiled once. */
export class ReplyShapes {
  readonly #ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true });
  readonly #compiled = new WeakMap<object, ValidateFunction>();

  /** Throws SourceError `Malformed` that names the field and its value. */
  read<T>({ provider, url, shape }: JsonRequest<T>, text: string): T {
    const json = parsed(text);
    if (json === undefined) {
      throw new SourceError('Malformed', `${provider} at ${url} answers with what is no JSON: ${excerpt(text)}`);
    }
    const validate = this.#validatorOf(shape);
    if (validate(json)) return json as T;
    const [error] = validate.errors ?? [];
    throw new SourceError('Malformed', `${provider} at ${url} answers out of its contract: ${describe(error)}`);
  }

  #validatorOf<T>(shape: ReplyShape<T>): ValidateFunction {
    const known = this.#compiled.get(shape);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile(shape);
    this.#compiled.set(shape, validate);
    return validate;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(error: ErrorObject | undefined): string {
  const field = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  return `${field === '' ? 'the reply' : field} ${error?.message ?? 'is wrong'}, and is ${excerpt(JSON.stringify(error?.data) ?? 'absent')}`;
}

function excerpt(text: string): string {
  return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}
