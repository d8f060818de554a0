/**
 * A text that outlives the process, in the cluster. What is read by a process that has just begun to lead is what the
 * one before wrote last.
 */
export interface KeptState {
  /** `undefined` where nothing was written yet. Throws where it can't be read. */
  load(abort: AbortSignal): Promise<string | undefined>;
  /** Replaces it as a whole. Throws where it can't be written; then what was there before is still there. */
  save(text: string, abort: AbortSignal): Promise<void>;
}
