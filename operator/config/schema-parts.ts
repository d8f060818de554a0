/** Pieces of JSON Schema. Every field has a default, so an empty file is a whole configuration. */
export const duration = (byDefault: string, description: string) =>
  ({ type: 'string', format: 'sunward-duration', default: byDefault, description }) as const;

export const wholeNumber = (byDefault: number, [minimum, maximum]: readonly [number, number], description: string) =>
  ({ type: 'integer', minimum, maximum, default: byDefault, description }) as const;

export const percent = (byDefault: number, description: string) =>
  ({ type: 'number', minimum: 0, maximum: 100, default: byDefault, description }) as const;

export const text = (description: string) => ({ type: 'string', minLength: 1, description }) as const;

export const choice = (values: readonly string[], byDefault: string, description: string) =>
  ({ enum: values, default: byDefault, description }) as const;

/** An object of known fields only: a misspelt one is refused, not ignored. */
export function object<P extends Readonly<Record<string, unknown>>>(properties: P, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, required } as const;
}

/** An object that may be left out. */
export function section<P extends Readonly<Record<string, unknown>>>(properties: P) {
  return { ...object(properties), default: {} } as const;
}

/** An object from names to values of one kind. */
export const table = (values: object, description: string) =>
  ({ type: 'object', additionalProperties: values, default: {}, description }) as const;

/** Members of a list of sources: exactly one kind each, and the zones that it is asked about. */
export function oneKindOf<K extends Readonly<Record<string, unknown>>>(kinds: K) {
  const zones = {
    type: 'array',
    minItems: 1,
    items: text('A grid zone, as sites write it.'),
    description: 'The zones that it is asked about. Absent: every zone that it knows.',
  } as const;
  return object({ ...kinds, zones });
}
