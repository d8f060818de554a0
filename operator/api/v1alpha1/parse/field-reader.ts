import { parseDuration } from '../../../domain/duration.ts';
import type { Parsed } from '../../../domain/parsed.ts';
import { parseDecimal, parseQuantity } from '../../../domain/quantity.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { parseTime } from '../timestamps.ts';

/** One field that can't be used. */
export interface Problem {
  /** Path from the root of the object, e.g. `spec.accelerators[0].speed`. */
  readonly field: string;
  /** What the field holds; `undefined` where it is missing. */
  readonly value: unknown;
  /** What is wrong, and the remedy. */
  readonly message: string;
}

/** An object that was read, or everything that is wrong with it. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** One field of an object of unknown shape. Reading it gives a typed value, or `undefined` and a {@link Problem}. */
export class FieldReader {
  readonly path: string;
  readonly value: unknown;
  readonly #problems: Problem[];

  constructor(path: string, value: unknown, problems: Problem[]) {
    this.path = path;
    this.value = value ?? undefined;
    this.#problems = problems;
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  /** Adds a problem, once: a field that is read in several places is wrong only once. */
  refuse(message: string): void {
    const known = this.#problems.some((problem) => problem.field === this.path && problem.message === message);
    if (!known) this.#problems.push({ field: this.path, value: this.value, message });
  }

  /** The same field, with a problem where it is absent. */
  required(remedy: string): this {
    if (this.isAbsent) this.refuse(`is missing; ${remedy}`);
    return this;
  }

  /** A field of this object. Where this is absent, so is the field. */
  field(name: string): FieldReader {
    return new FieldReader(`${this.path}.${name}`, this.#object()?.[name], this.#problems);
  }

  /** Names of the fields of this object, sorted; none where it is absent. */
  keys(): readonly string[] {
    return Object.keys(this.#object() ?? {}).sort();
  }

  /** The members of this list; none where it is absent. */
  items(): readonly FieldReader[] {
    const list = this.#as<readonly unknown[]>(
      Array.isArray,
      'is not a list; write its members below it, each after a dash',
    );
    return (list ?? []).map((item, i) => new FieldReader(`${this.path}[${String(i)}]`, item, this.#problems));
  }

  text(): string | undefined {
    return this.#as(isText, 'is not a text; put it in quotes');
  }

  boolean(): boolean | undefined {
    return this.#as(isBoolean, 'is neither true nor false; write one of them, without quotes');
  }

  oneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    const isWord = (value: unknown): value is Word => words.some((word) => word === value);
    return this.#as(isWord, `is unknown; write ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`);
  }

  wholeNumber(limits: { readonly atLeast: number; readonly atMost: number }): number | undefined {
    const within = (value: unknown): value is number =>
      Number.isSafeInteger(value) && Number(value) >= limits.atLeast && Number(value) <= limits.atMost;
    return this.#as(within, `is not a whole number from ${String(limits.atLeast)} to ${String(limits.atMost)}`);
  }

  decimal(accepts: { readonly above?: number; readonly atLeast?: number } = {}): number | undefined {
    const value = this.#parsed(parseDecimal);
    if (value === undefined) return undefined;
    const { above = -Infinity, atLeast = -Infinity } = accepts;
    if (value > above && value >= atLeast) return value;
    this.refuse(value > above ? `must be ${String(atLeast)} or more` : `must be above ${String(above)}`);
    return undefined;
  }

  /** A Kubernetes quantity above 0, such as `64Mi`, in its base unit. */
  quantity(): number | undefined {
    const value = this.#parsed(parseQuantity);
    if (value === undefined || value > 0) return value;
    this.refuse('must be above 0');
    return undefined;
  }

  duration(): DurationMs | undefined {
    return this.#parsed(parseDuration);
  }

  durationAboveZero(): DurationMs | undefined {
    const value = this.duration();
    if (value !== 0) return value;
    this.refuse('must be longer than 0s');
    return undefined;
  }

  time(): EpochMs | undefined {
    return this.#parsed((text) => {
      const value = parseTime(text);
      if (value !== undefined) return { ok: true, value };
      return { ok: false, message: `"${text}" is not a time with a time zone; write it like 2026-11-23T08:00:00Z` };
    });
  }

  /** Names; `undefined` where the list is absent, which is not the same as an empty one. */
  names(): readonly string[] | undefined {
    if (this.isAbsent) return undefined;
    return this.items().flatMap((item) => item.required('write a name').text() ?? []);
  }

  #object(): Readonly<Record<string, unknown>> | undefined {
    return this.#as(isObject, 'is not an object; write fields below it');
  }

  #as<T>(is: (value: unknown) => value is T, complaint: string): T | undefined {
    if (this.isAbsent) return undefined;
    if (is(this.value)) return this.value;
    this.refuse(complaint);
    return undefined;
  }

  #parsed<T>(parse: (text: string) => Parsed<T>): T | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    this.refuse(parsed.message);
    return undefined;
  }
}

/** One sentence for a condition: each problem with its field. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
