/** What reading a text gave: a value, or a sentence that names the text, what is wrong with it, and the remedy. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
