import type { FieldReader } from '../../api/v1alpha1/parse/field-reader.ts';

/**
 * What an object has to hold for code to read it that expects a `T`: every field of `T` by name, and below `*` what all fields hold
 * of an object whose names are anybody's. Fields that are there must be so; those that are missing too, only where they are
 * {@link needed}.
 */
export type Shape<T> = 'anything' | (T extends string ? 'text' | 'amount' : NotText<T>);

type NotText<T> = T extends number
  ? 'number'
  : T extends boolean
    ? 'boolean'
    : T extends readonly (infer Item)[]
      ? readonly [Shape<Item>]
      : string extends keyof T
        ? { readonly '*': Shape<NonNullable<T[string & keyof T]>> }
        : NamedFields<T>;

/** Of an object of which the type tells no field nothing can be asked. */
type NamedFields<T> = [keyof T] extends [never]
  ? never
  : { readonly [K in keyof T]-?: ShapeOfField<NonNullable<T[K]>> };

type ShapeOfField<T> = Shape<T> | Needed<Shape<T>>;

class Needed<S> {
  readonly shape: S;

  constructor(shape: S) {
    this.shape = shape;
  }
}

/** A field without which the object around it can't be read. */
export function needed<const S>(shape: S): Needed<S> {
  return new Needed(shape);
}

type Word = 'anything' | 'text' | 'amount' | 'number' | 'boolean';

/** A shape of which nobody knows any more whose it is. */
export type SomeShape = Word | readonly [SomeShape] | { readonly [name: string]: SomeShape | Needed<SomeShape> };

/**
 * The value of a field as its shape has it; `undefined` where it is absent, or of another shape: then the field is refused. What is
 * `null` is absent, as for the API server, except below `anything`.
 */
export function shaped(shape: SomeShape | Needed<SomeShape>, field: FieldReader): unknown {
  if (shape instanceof Needed) return shaped(shape.shape, field.required('write it'));
  if (field.isAbsent) return undefined;
  if (typeof shape === 'string') return readAs[shape](field);
  if (isList(shape)) {
    return field.items().map((item) => shaped(shape[0], item.required('write it, or take its dash away')));
  }
  return fieldsShaped(shape, field);
}

const readAs: Readonly<Record<Word, (field: FieldReader) => unknown>> = {
  anything: ({ value }) => value,
  text: (field) => field.text(),
  // YAML reads `nvidia.com/gpu: 1` as a number, and so may it be written.
  amount: (field) => (typeof field.value === 'number' ? String(field.value) : field.text()),
  number: numberIn,
  boolean: (field) => field.boolean(),
};

function numberIn(field: FieldReader): number | undefined {
  if (typeof field.value === 'number') return field.value;
  field.refuse('is not a number; write one, without quotes');
  return undefined;
}

function fieldsShaped(shape: Exclude<SomeShape, Word | readonly [SomeShape]>, field: FieldReader): unknown {
  const { '*': others = 'anything', ...named } = shape;
  const shapes = new Map(Object.entries(named));
  // Refuses what is no object: then nothing is asked of what would be below it.
  const names = field.keys();
  if (!isFields(field.value)) return undefined;
  const read = [...new Set([...names, ...shapes.keys()])].map(
    (name) => [name, shaped(shapes.get(name) ?? others, field.field(name))] as const,
  );
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function isList(shape: SomeShape): shape is readonly [SomeShape] {
  return Array.isArray(shape);
}

function isFields(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}
