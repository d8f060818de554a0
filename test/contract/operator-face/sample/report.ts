/** What the sample tells the suite that runs it. */
export type Report =
  | { readonly what: 'started' | 'stopped' }
  /** A handler was told of an object; `action`: what it made of it. */
  | { readonly what: 'told'; readonly action: string; readonly type: string; readonly name: string }
  /** The handler caught an error. */
  | { readonly what: 'caught'; readonly name: string; readonly error: string }
  | { readonly what: 'finalizer'; readonly name: string; readonly done: boolean }
  | { readonly what: 'log'; readonly level: string; readonly message: string };

export function report(what: Report): void {
  process.send?.(what);
}
