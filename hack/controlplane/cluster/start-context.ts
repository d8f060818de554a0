import type { ToolName } from '../binaries/tools.ts';
import type { ClusterOptions } from './options.ts';

/** What every part of one cluster's start needs to know. */
export interface StartContext {
  readonly name: string;
  readonly options: ClusterOptions;
  /** Of this cluster: data, keys, kubeconfigs, logs. */
  readonly directory: string;
  readonly startTimeoutMs: number;
  readonly abort: AbortSignal | undefined;
  /** Path of the executable. */
  binary(tool: ToolName): string;
  /** Where the named process logs. */
  logFile(processName: string): string;
}
