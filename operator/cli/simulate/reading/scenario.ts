import { BUILT_IN_POLICY, SCHEMA_DEFAULTS } from '../../../api/v1alpha1/defaults.ts';
import { FieldReader, type Problem } from '../../../api/v1alpha1/parse/field-reader.ts';
import { parseObjective } from '../../../api/v1alpha1/parse/objective.ts';
import { usualPlanning } from '../../../composition/planning.ts';
import type { Signal } from '../../../domain/intensity.ts';
import type { Objective, PlannableJob } from '../../../domain/job.ts';
import { HOUR_MS, SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import { UsageError } from '../../answer.ts';
import { lengthAboveZeroIn, lengthIn, refuseOthers } from './fields.ts';
import type { NamedFile, ReadText } from './files.ts';
import { yamlOf } from './files.ts';
import { changesWithTime, readForesight, type ForesightChoice } from './foresight.ts';
import { refuseIfAny } from '../../refusal.ts';

/** A scenario file read, but for the files that it names. */
export interface ScenarioFile {
  readonly file: NamedFile;
  readonly slot: DurationMs;
  /** Plans are made anew so often; absent: only when a job arrives, or ends early. */
  readonly replan: DurationMs | undefined;
  readonly objective: Objective;
  /** The same as a word. */
  readonly objectiveName: string;
  readonly signal: Signal;
  readonly withoutData: PlannableJob['withoutData'];
  readonly home: FieldReader;
  readonly foresight: ForesightChoice;
  /** Name of a file; absent where the command line has to name one. */
  readonly intensity: string | undefined;
  /** The name of a file, or a list. */
  readonly sites: FieldReader;
  readonly jobs: FieldReader;
}

const FIELDS = [
  ...['slot', 'replan', 'objective', 'prices', 'signal', 'withoutData', 'home'],
  ...['intensity', 'forecast', 'sites', 'jobs'],
];

/** Throws {@link UsageError} with everything that is wrong with it. */
export async function readScenario(
  file: NamedFile,
  { forecast }: { readonly forecast: string | undefined },
  readText: ReadText,
): Promise<ScenarioFile> {
  const value = await yamlOf(file, readText);
  if (value === undefined) throw new UsageError(`${file.name} is empty: write a scenario, see docs/simulate.md`);
  const problems: Problem[] = [];
  const root = new FieldReader('scenario', value, problems);
  refuseOthers(root, FIELDS);
  const toldForecast =
    forecast === undefined ? root.field('forecast') : new FieldReader('--forecast', forecast, problems);
  const foresight = readForesight(toldForecast);
  const read = {
    ...{ file, foresight, home: root.field('home'), sites: root.field('sites'), jobs: root.field('jobs') },
    slot: readSlot(root.field('slot')),
    replan: readReplan(root.field('replan'), foresight),
    objective: parseObjective(root) ?? BUILT_IN_POLICY.objective,
    objectiveName: root.field('objective').text() ?? 'Balanced',
    signal: root.field('signal').oneOf(['Average', 'Marginal']) ?? SCHEMA_DEFAULTS.signal,
    withoutData: root.field('withoutData').oneOf(['Run', 'Hold']) ?? SCHEMA_DEFAULTS.withoutData,
    intensity: root.field('intensity').text(),
  };
  if (read.sites.required('write a list of sites, or the name of a file with ComputeSites').isAbsent)
    read.sites.items();
  refuseIfAny(file.name, problems);
  return read;
}

function readSlot(field: FieldReader): DurationMs {
  const slot = lengthIn(field) ?? usualPlanning().slot;
  if (slot < SECOND_MS || slot > HOUR_MS) field.refuse('must be from 1s to 1h');
  return slot;
}

/** Where nothing new is ever known, planning anew is time lost. */
function readReplan(field: FieldReader, foresight: ForesightChoice): DurationMs | undefined {
  return lengthAboveZeroIn(field) ?? (changesWithTime(foresight) ? HOUR_MS : undefined);
}
