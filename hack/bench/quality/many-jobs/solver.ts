import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TimeIndexedModel } from './time-indexed-model.ts';

export interface SolverTask {
  readonly model: TimeIndexedModel;
  /** For the integer solution. */
  readonly seconds: number;
}

/** What HiGHS (Huangfu and Hall, Mathematical Programming Computation 10, 2018; https://highs.dev) makes of a model. */
export interface SolverAnswer {
  /** Of the linear relaxation. */
  readonly relaxation: number;
  /** Columns of the best integer solution; empty where it found none. */
  readonly chosen: readonly number[];
  /** No integer solution is below this. */
  readonly dualBound: number;
  /** That it took for the integer solution. */
  readonly seconds: number;
  readonly version: string;
}

/** Solves in a worker, on one thread. Rejects with the signal's reason. */
export async function solve(task: SolverTask, abort: AbortSignal): Promise<SolverAnswer> {
  abort.throwIfAborted();
  const worker = new Worker(new URL('solve-in-worker.ts', import.meta.url), { workerData: task });
  try {
    return await new Promise<SolverAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(new Error(`the solver ended with code ${String(code)} before it had an answer`));
      });
      abort.addEventListener('abort', () => {
        reject(abort.reason instanceof Error ? abort.reason : new Error('interrupted'));
      });
    });
  } finally {
    await worker.terminate();
  }
}

/**
 * The answer that lies in the file, where it is one to this very task; else a new one, which is then put there. To be asked
 * for: it is told apart in the report.
 */
export async function solveOnce(task: SolverTask, file: string, abort: AbortSignal): Promise<SolverAnswer> {
  const fingerprint = fingerprintOf(task);
  const stored = await readStored(file);
  if (stored?.fingerprint === fingerprint) return stored.answer;
  const answer = await solve(task, abort);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ fingerprint, answer } satisfies Stored)}\n`);
  return answer;
}

interface Stored {
  readonly fingerprint: string;
  readonly answer: SolverAnswer;
}

async function readStored(file: string): Promise<Stored | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Stored;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fingerprintOf({ model, seconds }: SolverTask): string {
  const hash = createHash('sha256').update(JSON.stringify([seconds, model.columns]));
  for (const part of [model.values, model.rowLower, model.rowUpper]) hash.update(part);
  return hash.update(model.indices).digest('hex');
}
