import { savingPercent, scoreOf } from '../../../operator/simulation/score.ts';
import type { Progress } from '../progress.ts';
import type { Finding } from '../report/figure.ts';
import type { DataFolder } from './data/folder.ts';

/** A benchmark of how good plans are: what is replayed, and against what it is held. */
export interface QualityCase {
  /** The number that people ask for: `3`. */
  readonly id: string;
  readonly title: string;
  /** Throws {@link DataError} where the folder lacks what the case reads, and the signal's reason when `abort` fires. */
  run(data: DataFolder, session: CaseSession): Promise<CaseResult>;
}

export interface CaseSession {
  readonly progress: Progress;
  readonly abort: AbortSignal;
  /** Every so many-th job is replayed; absent: what the case says. 1 replays all of them. */
  readonly stride: number | undefined;
}

export interface CaseResult {
  readonly rows: readonly QualityRow[];
  /** Sentences on how it was set up, and on what the figures leave out. */
  readonly notes: readonly string[];
  /** What must hold whatever the data: false makes the run fail. */
  readonly findings?: readonly Finding[];
}

/** One variant in one zone, or the mean of several: a row of the report. Grams are over what really came. */
export interface QualityRow {
  readonly id: string;
  readonly variant: string;
  /** Grid zone; `mean` over several of them. */
  readonly zone: string;
  /** How many replayed jobs its figures are sums of; one that is replayed with several forecasts counts with each. */
  readonly jobs: number;
  /** Run on arrival. */
  readonly baselineGrams: number;
  readonly planGrams: number;
  /** The least that anybody could have emitted who knew what was coming. */
  readonly boundGrams: number;
  /** Of the paper, in percent of its baseline, over the paper's own data; `null` where it has none for this. */
  readonly publishedSavingPercent: number | null;
  /** In percent of the baseline. */
  readonly savingPercent: number;
  /** (plan - bound) / (baseline - bound): 0 is the bound, 1 run on arrival; `null` where nothing could be saved and the plan lost. */
  readonly score: number | null;
  /** Jobs that finished after a deadline that could be met. */
  readonly late: number;
  readonly restarts: number;
  /** Of planning and replaying; reading the data and reckoning the bound are left out. */
  readonly wallSeconds: number;
}

/** What a case measures of one variant in one zone. */
export type Measured = Omit<QualityRow, 'savingPercent' | 'score'>;

/** A row with what follows from its figures. */
export function qualityRow(measured: Measured): QualityRow {
  const { baselineGrams, planGrams, boundGrams } = measured;
  return {
    ...measured,
    savingPercent: savingPercent(planGrams, baselineGrams),
    score: scoreOf({ plan: planGrams, baseline: baselineGrams, bound: boundGrams }),
  };
}
