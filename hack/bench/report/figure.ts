/** One measured number. Its unit is part of it, so that a report reads without its code. */
export interface Figure {
  /** Stable, for scripts: `cpuPerJob`. */
  readonly id: string;
  /** For people: `CPU a job`. */
  readonly label: string;
  readonly value: number;
  /** `ms`, `MiB`, `s`; empty for a count or a share. */
  readonly unit: string;
  /** What it is held against, in the same unit. */
  readonly reference?: number;
  /** What the number says, where the label doesn't. */
  readonly note?: string;
}

/** Value over reference; `undefined` where there is no reference, or it is 0. */
export function ratioOf({ value, reference }: Figure): number | undefined {
  return reference === undefined || reference === 0 ? undefined : value / reference;
}

/** What one case measured. */
export interface CaseReport {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Tables of counts, such as requests by verb and resource. */
  readonly breakdowns: readonly Breakdown[];
  /** What must hold whatever the machine: false makes the run fail. */
  readonly findings: readonly Finding[];
}

export interface Breakdown {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
}
