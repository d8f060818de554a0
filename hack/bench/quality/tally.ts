import type { JudgedJob } from '../../../operator/simulation/score.ts';
import { qualityRow, type Measured, type QualityRow } from './quality-case.ts';

/** Sums over the jobs of one row. Plans and their replay are timed; bounds are not. */
export class Tally {
  jobs = 0;
  baselineGrams = 0;
  planGrams = 0;
  boundGrams = 0;
  late = 0;
  restarts = 0;
  wallSeconds = 0;

  add(job: Pick<JudgedJob, 'grams' | 'boundGrams' | 'late' | 'restarts'> & { baseline: { grams: number } }): void {
    this.jobs += 1;
    this.planGrams += job.grams;
    this.baselineGrams += job.baseline.grams;
    this.boundGrams += job.boundGrams;
    this.late += Number(job.late);
    this.restarts += job.restarts;
  }

  /** Does what is to be timed. */
  readonly timed = <T>(work: () => T): T => {
    const startedAt = performance.now();
    const result = work();
    this.wallSeconds += (performance.now() - startedAt) / 1_000;
    return result;
  };

  row(labels: Pick<Measured, 'id' | 'variant' | 'zone' | 'publishedSavingPercent'>): QualityRow {
    const { jobs, baselineGrams, planGrams, boundGrams, late, restarts, wallSeconds } = this;
    return qualityRow({ ...labels, jobs, baselineGrams, planGrams, boundGrams, late, restarts, wallSeconds });
  }
}
