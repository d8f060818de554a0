/** One thing that must be so at the end of the demo. */
export interface Finding {
  /** Job, or `demo`. */
  readonly about: string;
  /** What must be so, as a statement. */
  readonly claim: string;
  readonly holds: boolean;
  /** What was seen, for who wonders. */
  readonly seen: string;
}
