/**
 * Makes operator/domain/regions/regions-data.ts and docs/regions.md: cloud regions and the grid zones that feed them.
 *
 *   node hack/update-regions.ts --data FOLDER      FOLDER/regions/gsf_Cloud_Region_Metadata.csv
 *   node hack/update-regions.ts                    docs/regions.md alone, from the committed table
 *   node hack/update-regions.ts --check [--data FOLDER]
 */
import { runDataTable } from './data-tables/command.ts';
import { REGION_TABLE } from './data-tables/regions.ts';

process.exitCode = await runDataTable(REGION_TABLE, process.argv.slice(2));
