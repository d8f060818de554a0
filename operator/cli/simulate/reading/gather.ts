import { FieldReader, type Problem } from '../../../api/v1alpha1/parse/field-reader.ts';
import { replayTuning } from '../../../composition/planning.ts';
import type { DurationMs } from '../../../domain/units.ts';
import type { SimulatedJob, SimulatedSite } from '../../../simulation/scenario.ts';
import { worldOf, type World } from '../../../simulation/world.ts';
import { UsageError } from '../../answer.ts';
import {
  besideOf,
  extensionOf,
  intensityOf,
  namedFile,
  tableOf,
  textOf,
  yamlOf,
  type NamedFile,
  type ReadText,
} from './files.ts';
import { foresightOf, foresightShown, type Series } from './foresight.ts';
import { COLUMNS, readJob, refuseUnknownSite, rowAsFields, type JobDefaults } from './jobs.ts';
import { refuseIfAny } from '../../refusal.ts';
import { readScenario, type ScenarioFile } from './scenario.ts';
import { cameIn, seriesIn } from './series.ts';
import { inlineManifests, siteManifestsIn, sitesOf } from './sites.ts';

/** What is to be simulated. Files that are named here go before those that the scenario names. */
export interface SimulateFlags {
  readonly scenario: string;
  readonly intensity?: string;
  readonly jobs?: string;
  /** A file, or `Perfect`, `Persistence` or `None`. */
  readonly forecast?: string;
}

/** All of a scenario, ready to be replayed. */
export interface Gathered {
  readonly world: World;
  readonly jobs: readonly SimulatedJob[];
  readonly replan: DurationMs | undefined;
  /** Of jobs that have none of their own. */
  readonly objective: string;
  /** Of the intensity. */
  readonly source: string;
  /** What is foreseen, in words. */
  readonly foreseen: string;
  /** What is not as the user may think, in sentences. */
  readonly notes: readonly string[];
}

/** Reads a scenario and all files that it needs. Throws {@link UsageError} for what can't be used. */
export async function gather(flags: SimulateFlags, readText: ReadText): Promise<Gathered> {
  const scenario = await readScenario(namedFile(flags.scenario), { forecast: flags.forecast }, readText);
  const sites = await readSites(scenario, readText);
  const zones = [...new Set(sites.map(({ zone }) => zone))];
  const source = sourceOf(scenario, flags);
  const came = cameIn(await intensityOf(source, readText), zones, scenario.signal, source);
  const forecast = await forecastIn(scenario, flags, { zones, readText });
  const world = worldOf({
    ...{ slot: scenario.slot, sites, came, tuning: replayTuning() },
    foresight: foresightOf(scenario.foresight, came, forecast),
  });
  const jobs = await readJobs(scenario, flags, defaultsOf(scenario, sites, came), readText);
  const unforeseen = scenario.foresight.kind === 'File' ? zones.filter((zone) => !forecast.has(zone)) : [];
  return {
    ...{
      world,
      jobs,
      replan: scenario.replan,
      objective: scenario.objectiveName,
      source: source.name,
      foreseen: foresightShown(scenario.foresight),
    },
    notes: unforeseen.map(
      (zone) => `the forecast has no ${scenario.signal} intensity of ${zone}: nothing is foreseen there`,
    ),
  };
}

async function readSites({ file, sites }: ScenarioFile, readText: ReadText): Promise<readonly SimulatedSite[]> {
  if (typeof sites.value === 'string') {
    const named = besideOf(file, sites.value);
    return sitesOf(siteManifestsIn(await textOf(named, readText), named.name), named.name);
  }
  const problems: Problem[] = [];
  const manifests = inlineManifests(new FieldReader('sites', sites.value, problems));
  refuseIfAny(file.name, problems);
  return sitesOf(manifests, file.name);
}

function sourceOf({ file, intensity }: ScenarioFile, flags: SimulateFlags): NamedFile {
  if (flags.intensity !== undefined) return namedFile(flags.intensity);
  if (intensity !== undefined) return besideOf(file, intensity);
  throw new UsageError(`${file.name} names no intensity: add intensity with the name of a file, or give --intensity`);
}

async function forecastIn(
  { file, foresight, signal }: ScenarioFile,
  flags: SimulateFlags,
  { zones, readText }: { readonly zones: readonly string[]; readonly readText: ReadText },
): Promise<Series> {
  if (foresight.file === undefined) return new Map();
  const named = flags.forecast === undefined ? besideOf(file, foresight.file) : namedFile(foresight.file);
  return seriesIn(await intensityOf(named, readText), zones, signal, named.name);
}

function defaultsOf(scenario: ScenarioFile, sites: readonly SimulatedSite[], came: Series): JobDefaults {
  const { objective, signal, withoutData } = scenario;
  const names = sites.map(({ name }) => name);
  const problems: Problem[] = [];
  const field = new FieldReader('home', scenario.home.value, problems);
  const home = field.text();
  if (home !== undefined) refuseUnknownSite(field, home, names);
  refuseIfAny(scenario.file.name, problems);
  const origin = Math.min(...[...came.values()].map(({ samples }) => samples[0]?.startsAt ?? Infinity));
  return { objective, signal, withoutData, home, origin, sites: names };
}

async function readJobs(
  { file, jobs }: ScenarioFile,
  flags: SimulateFlags,
  defaults: JobDefaults,
  readText: ReadText,
): Promise<readonly SimulatedJob[]> {
  const named =
    flags.jobs !== undefined
      ? namedFile(flags.jobs)
      : typeof jobs.value === 'string'
        ? besideOf(file, jobs.value)
        : undefined;
  const problems: Problem[] = [];
  const rows =
    named === undefined
      ? listed(new FieldReader('jobs', jobs.value, problems))
      : await rowsIn(named, problems, readText);
  const keys = new Set<string>();
  const read = rows.flatMap((row, k) => {
    const job = readJob(row, k + 1, defaults);
    if (job === undefined) return [];
    const name = row.field('name');
    if (keys.has(job.asked.key)) name.refuse(`is the second job ${job.asked.key}; give each its own name or namespace`);
    keys.add(job.asked.key);
    return [job];
  });
  const origin = named?.name ?? file.name;
  refuseIfAny(origin, problems);
  if (read.length === 0) throw new UsageError(`${origin} has no job: write one at least`);
  return read;
}

function listed(field: FieldReader): readonly FieldReader[] {
  return field.required('write a list of jobs or the name of a file, or give --jobs').items();
}

async function rowsIn(file: NamedFile, problems: Problem[], readText: ReadText): Promise<readonly FieldReader[]> {
  const extension = extensionOf(file);
  if (extension === '.csv') {
    const rows = await tableOf(file, COLUMNS, readText);
    return rows.map(({ line, cells }) => new FieldReader(`line ${String(line)}`, rowAsFields(cells), problems));
  }
  if (['.yaml', '.yml', '.json'].includes(extension)) {
    return new FieldReader('jobs', await yamlOf(file, readText), problems).items();
  }
  throw new UsageError(`jobs file ${file.name}: the name must end in .csv, .yaml or .json, which says how it is read`);
}
