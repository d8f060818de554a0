/**
 * Makes operator/domain/accelerators/accelerator-power-data.ts (thermal design power by product) and docs/accelerators.md.
 *
 *   node hack/update-accelerators.ts --data FOLDER      FOLDER/embodied/mlco2_gpu_tdp.csv: `name`, `tdp_watts`
 *   node hack/update-accelerators.ts                    docs/accelerators.md alone, from the committed table
 *   node hack/update-accelerators.ts --check [--data FOLDER]
 */
import { ACCELERATOR_TABLE } from './data-tables/accelerators.ts';
import { runDataTable } from './data-tables/command.ts';

process.exitCode = await runDataTable(ACCELERATOR_TABLE, process.argv.slice(2));
