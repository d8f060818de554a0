/** What happened to an object of the store. An object that was deleted and made anew is a `deleted` and an `added`. */
export type Change<P> =
  | { readonly type: 'added'; readonly key: string; readonly current: P }
  | { readonly type: 'updated'; readonly key: string; readonly previous: P; readonly current: P }
  | { readonly type: 'deleted'; readonly key: string; readonly previous: P };
