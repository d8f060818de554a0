/** A key or password that may change while the process runs. */
export interface Secret {
  /** What it is now, without white space around it. Throws `SourceError` `Unauthorised` that says where it should be. */
  read(): Promise<string>;
}
