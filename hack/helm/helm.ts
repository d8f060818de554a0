import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from '../controlplane/binaries/ensure.ts';
import { runProgram, type ProgramResult } from '../controlplane/process/run-program.ts';

export interface HelmOptions {
  /** Path. Without one Helm knows no cluster: the user's own is never looked at. */
  readonly kubeconfig?: string;
  /** How long Helm may take; it is killed a little later. Default two minutes. */
  readonly timeoutMs?: number;
}

export interface ChartOptions extends HelmOptions {
  readonly namespace?: string;
  /** Paths of YAML files; a later one wins. */
  readonly valuesFiles?: readonly string[];
  /** Win over the files. `null` takes a default of the chart away. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** More arguments, e.g. `--wait`. */
  readonly args?: readonly string[];
}

export interface TemplateOptions extends ChartOptions {
  readonly release?: string;
  /** As if the cluster had them too, e.g. `monitoring.coreos.com/v1/ServiceMonitor`. */
  readonly apiVersions?: readonly string[];
  /** As if the cluster were of it, e.g. `1.30.0`. */
  readonly kubeVersion?: string;
}

/** A release in a cluster. */
export interface Release extends HelmOptions {
  readonly kubeconfig: string;
  readonly release: string;
  readonly namespace: string;
  /** More arguments, e.g. `--wait`. */
  readonly args?: readonly string[];
}

/** Helm ended with another code than 0. The message has all that it wrote. */
export class HelmError extends Error {
  override readonly name = 'HelmError';
  readonly result: ProgramResult;

  constructor(args: readonly string[], result: ProgramResult) {
    const how = result.code === null ? 'was killed' : `ended with code ${result.code}`;
    super(`helm ${args.slice(0, 2).join(' ')} ${how}:\n${result.stdout}${result.stderr}`.trimEnd());
    this.result = result;
  }
}

const TIMEOUT_MS = 120_000;
/** What Helm has to say that it has waited too long, before it is killed. */
const LAST_WORDS_MS = 20_000;

/** Runs Helm with these arguments. A failure of Helm's is a result: look at `code`. */
export async function helm(
  args: readonly string[],
  { kubeconfig, timeoutMs = TIMEOUT_MS }: HelmOptions = {},
): Promise<ProgramResult> {
  const binary = (await ensureBinaries(['helm'])).path('helm');
  // Caches, configuration, plugins and repositories are looked for below it, and so is a kubeconfig that no one named.
  const home = await mkdtemp(join(tmpdir(), 'sunward-helm-'));
  const env = { PATH: process.env['PATH'], HOME: home, ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }) };
  try {
    return await runProgram(binary, args, { env, limitMs: timeoutMs + LAST_WORDS_MS });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Renders a chart without a cluster.
 * @returns the YAML of all its documents
 * @throws HelmError
 */
export async function template(chart: string, options: TemplateOptions = {}): Promise<string> {
  const { release = 'release-name', apiVersions = [], kubeVersion } = options;
  const capabilities = apiVersions.map((version) => `--api-versions=${version}`);
  if (kubeVersion !== undefined) capabilities.push(`--kube-version=${kubeVersion}`);
  return (await succeed(['template', release, chart, ...capabilities, ...chartArguments(options)], options)).stdout;
}

/** @throws HelmError with what is wrong with the chart; `strict` makes warnings wrong as well */
export function lint(
  chart: string,
  options: ChartOptions & { readonly strict?: boolean } = {},
): Promise<ProgramResult> {
  return succeed(
    ['lint', chart, ...(options.strict === true ? ['--strict'] : []), ...chartArguments(options)],
    options,
  );
}

/** @throws HelmError */
export function install(chart: string, options: Release & ChartOptions): Promise<ProgramResult> {
  return succeed(['install', options.release, chart, ...waiting(options), ...chartArguments(options)], options);
}

/** Values of the revision before are forgotten, unless `args` say `--reuse-values`. @throws HelmError */
export function upgrade(chart: string, options: Release & ChartOptions): Promise<ProgramResult> {
  return succeed(['upgrade', options.release, chart, ...waiting(options), ...chartArguments(options)], options);
}

/** To the revision; default the one before. @throws HelmError */
export function rollback(options: Release & { readonly revision?: number }): Promise<ProgramResult> {
  const { release, revision } = options;
  const to = revision === undefined ? [] : [String(revision)];
  return succeed(['rollback', release, ...to, ...waiting(options), ...chartArguments(options)], options);
}

/** @throws HelmError */
export function uninstall(options: Release): Promise<ProgramResult> {
  return succeed(['uninstall', options.release, ...waiting(options), ...chartArguments(options)], options);
}

async function succeed(args: readonly string[], options: HelmOptions): Promise<ProgramResult> {
  const result = await helm(args, options);
  if (result.code !== 0) throw new HelmError(args, result);
  return result;
}

/** Its own five minutes would end after ours. */
function waiting({ timeoutMs = TIMEOUT_MS }: HelmOptions): string[] {
  return [`--timeout=${timeoutMs}ms`];
}

function chartArguments({ namespace, valuesFiles = [], values, args = [] }: ChartOptions): string[] {
  return [
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...valuesFiles.map((file) => `--values=${file}`),
    ...(values === undefined ? [] : [`--set-json=${JSON.stringify(values)}`]),
    ...args,
  ];
}
