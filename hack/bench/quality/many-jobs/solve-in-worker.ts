/** Runs in a worker, since the solver blocks its thread for as long as it takes. */
import { parentPort, workerData } from 'node:worker_threads';
import highsModule, { type Highs, type ModelData } from 'highs';
import type { TimeIndexedModel } from './time-indexed-model.ts';
import type { SolverAnswer, SolverTask } from './solver.ts';

// The package's types are those of its CommonJS build, where the loader is a member.
const loadHighs = highsModule as unknown as typeof highsModule.default;
const { model, seconds } = workerData as SolverTask;
const highs = await loadHighs();
const relaxation = relaxed(highs, model);
parentPort?.postMessage({
  ...integer(highs, model, seconds),
  relaxation,
  version: highs.version.string,
} satisfies SolverAnswer);

function dataOf({ columns, starts, indices, values, rowLower, rowUpper }: TimeIndexedModel): ModelData {
  const [numCols, numRows] = [columns.length, rowLower.length];
  return {
    ...{ numCols, numRows, rowLower, rowUpper },
    colCost: Float64Array.from(columns, ({ grams }) => grams),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(1),
    matrix: { format: 'csc', numCols, numRows, starts, indices, values },
  };
}

function relaxed(solver: Highs, task: TimeIndexedModel): number {
  return solver.withModel(dataOf(task), (one) => {
    one.options.set({ output_flag: false });
    one.run();
    return one.getObjectiveValue();
  });
}

function integer(
  solver: Highs,
  task: TimeIndexedModel,
  limit: number,
): Pick<SolverAnswer, 'chosen' | 'dualBound' | 'seconds'> {
  const integrality = new Int32Array(task.columns.length).fill(solver.constants.variableType.integer);
  const startedAt = performance.now();
  return solver.withModel({ ...dataOf(task), integrality }, (one) => {
    one.options.set({ output_flag: false, time_limit: limit, mip_rel_gap: 0 });
    one.run();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { colValue } = one.getSolution();
    const chosen = Array.from(colValue).flatMap((value, column) => (value > 0.5 ? [column] : []));
    return { chosen, dualBound: Number(one.info.get('mip_dual_bound')), seconds };
  });
}
