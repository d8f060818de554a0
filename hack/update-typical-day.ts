/**
 * Makes operator/adapters/carbon/typical-day/typical-days.json from hourly intensity by grid zone.
 *
 *   node hack/update-typical-day.ts --data FOLDER      FOLDER/intensity_2022_hourly/zones.csv: `hour_utc`, then a zone a column, g/kWh
 *   node hack/update-typical-day.ts --check [--data FOLDER]
 */
import { runDataTable } from './data-tables/command.ts';
import { TYPICAL_DAY_TABLE } from './data-tables/typical-day.ts';

process.exitCode = await runDataTable(TYPICAL_DAY_TABLE, process.argv.slice(2));
