import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../config/config.ts';
import { ACTIVE_HOURS_ANNOTATION } from '../api/v1alpha1/labels.ts';
import { WASTE_CLASSES } from '../domain/usage/assessment.ts';
import { UsageError, type Answer, type ExitCode } from './answer.ts';
import { wordsOf } from './error-text.ts';
import { compare } from './commands/compare.ts';
import { explain } from './commands/explain.ts';
import { plan } from './commands/plan.ts';
import { simulate, type SimulateFlags } from './simulate/simulate.ts';
import { sites } from './sites/sites.ts';
import { lookAtUse, type WasteFlags } from './waste/look-at-use.ts';
import { waste } from './waste/waste.ts';
import { OUTPUTS, show, type OutputFlags } from './output.ts';
import type { Terminal } from './terminal.ts';
import { ClusterError } from './world/reading.ts';
import { look, lookAtSites, type LookFlags } from './world/look.ts';

const EXIT_CODES = `
Exit codes:
  0  answered
  1  it failed, e.g. the cluster can't be reached
  2  the command line or a file can't be used
  3  answered, and a job can't be carried out in time or at all`;

/** Runs one command. Never throws: what goes wrong is told on `err`, and by the exit code. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  abort: AbortSignal,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const answered: Answered = async (answer, flags) => {
    await show(answer, flags, terminal);
    ({ exitCode } = answer);
  };
  try {
    await programOf(terminal, answered, abort).parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return codeOf(error, terminal);
  }
}

type Answered = (answer: Answer, flags: OutputFlags) => Promise<void>;

type JobsFlags = OutputFlags & LookFlags & { readonly filename: string };

function programOf(terminal: Terminal, answered: Answered, abort: AbortSignal): Command {
  const program = new Command('kubectl carbon')
    .description('When, where and why Sunward runs jobs: asked before, while and after it does. Changes nothing.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  const command = (name: string, description: string): Command =>
    program.command(name).description(description).copyInheritedSettings(program);

  withOutput(withLook(withJobs(command('plan', 'What would happen to jobs if they were applied now'))))
    .addHelpText('after', PLAN_HELP)
    .action(async (flags: JobsFlags) => {
      const { world, applied } = await look(flags, flags.filename, terminal, abort);
      await answered(plan(world, applied), flags);
    });
  withOutput(withLook(command('explain', 'Why a job is where and when it is, and what would change that')))
    .argument('<job>', 'caj/NAME, carbonawarejob/NAME or NAME')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (job: string, flags: OutputFlags & LookFlags) => {
      const { world, namespace } = await look(flags, undefined, terminal, abort);
      await answered(explain(world, `${namespace}/${nameIn(job)}`), flags);
    });
  withOutput(withLook(withJobs(command('compare', 'The deployment options of a job, side by side'))))
    .addHelpText('after', COMPARE_HELP)
    .action(async (flags: JobsFlags) => {
      const { world, applied } = await look(flags, flags.filename, terminal, abort);
      const [key, ...others] = applied;
      if (key === undefined || others.length > 0) {
        throw new UsageError(`${flags.filename} has ${String(applied.length)} jobs: compare takes one at a time`);
      }
      await answered(compare(world, key), flags);
    });
  withOutput(
    withSight(command('sites', 'Every site: how clean it is now and when it is cleanest, what is free, what is wrong')),
  )
    .addHelpText('after', SITES_HELP)
    .action(async (flags: OutputFlags & LookFlags) => {
      await answered(sites(await lookAtSites(flags, terminal, abort)), flags);
    });
  withOutput(
    withUse(withLook(command('waste', 'Accelerators that workloads hold and do not use, with what to do about each'))),
  )
    .addHelpText('after', WASTE_HELP)
    .action(async (flags: OutputFlags & WasteFlags) => {
      const { choice, sight } = await lookAtUse(flags, terminal, abort);
      await answered(waste(sight, choice), flags);
    });
  withOutput(command('simulate', 'Replay jobs through the planner: what it would have saved, and how much could be'))
    .requiredOption('--scenario <file>', 'sites, and where intensity and jobs come from; see docs/simulate.md')
    .option('--intensity <file>', 'what came, by zone, .csv or .json, instead of the scenario’s')
    .option('--jobs <file>', 'jobs, .csv, .yaml or .json, instead of the scenario’s')
    .option('--forecast <what>', 'Perfect, Persistence, None or a file of what was foreseen, instead of the scenario’s')
    .addHelpText('after', SIMULATE_HELP)
    .action(async (flags: OutputFlags & SimulateFlags) => {
      await answered(await simulate(flags, terminal), flags);
    });
  return program;
}

function withJobs(command: Command): Command {
  return command.requiredOption('-f, --filename <file>', 'manifests with CarbonAwareJobs; - for standard input');
}

function withLook(command: Command): Command {
  return withSight(command).option('-n, --namespace <name>', "default: the context's");
}

function withSight(command: Command): Command {
  return command
    .option('--sites <file>', 'look at these manifests instead of a cluster: ComputeSites, and what else there is')
    .option('--intensity <file>', 'carbon intensity by zone, .csv or .json; goes before what the sites publish')
    .option('--config <file>', "the operator's configuration, where it is not the usual one")
    .option('--at <time>', 'as if it were that time, e.g. 2026-11-23T08:00:00Z')
    .option('--kubeconfig <file>', 'default: $KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'of the kubeconfig');
}

function withUse(command: Command): Command {
  return command
    .option('-A, --all-namespaces', 'workloads of all namespaces')
    .option('--prometheus <where>', 'who knows what devices do: a URL, or service:NAMESPACE/NAME:PORT of the cluster')
    .addOption(new Option('--class <class>', 'only what is wasted so').choices(WASTE_CLASSES))
    .addOption(new Option('--top <n>', 'so many workloads').argParser(wholeNumber).default(20));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1 on.');
  return Number(text);
}

function withOutput(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <how>', 'how to print').choices(OUTPUTS).default('table'))
    .option('--html <file>', 'write a page with pictures as well');
}

const PLAN_HELP = `
Nothing is created. The plan is the one that the operator would make: same planner, same forecasts, next to the jobs that are
there. Without a cluster, --sites takes what kubectl saved:

  kubectl get computesites,carbonpolicies,carbonawarejobs -A -o yaml > sites.yaml
  kubectl carbon plan -f job.yaml --sites sites.yaml

or sites written by hand: what spec.accelerators lists is then taken to be there and free, and where no forecast is given the
typical day of each zone stands for it.`;

const EXPLAIN_HELP = `
Tells the decision, the forecast it rests on with the windows in it, what else there was with grams, money and hours, which rule
left out which site, and what would change it: a later deadline, the right to pause, other sites.

  kubectl carbon explain caj/llama-finetune -n research`;

const COMPARE_HELP = `
Prices every site and accelerator twice: now, and at its best time before the deadline. Sites with spec.cluster.inventory (another
cloud, a purchase on paper) are priced like the others, and never chosen.

  kubectl carbon compare -f job.yaml --html options.html`;

const SITES_HELP = `
Tells for each ComputeSite the intensity of now with its trend and where the figure comes from, the three hours within a day that are
cleanest, the strip of what is expected, what is free and what it costs, what is measured of it, and what its conditions complain of.`;

const WASTE_HELP = `
Judges what pods hold as the operator does, by the thresholds of their CarbonPolicy: idle, more than is used, little used, held outside
the hours of ${ACTIVE_HOURS_ANNOTATION}. What devices do is asked of the Prometheus that scrapes the DCGM exporter:

  kubectl carbon waste -A --prometheus service:monitoring/prometheus-operated:9090

reaches it through the API server with your own rights (get on services/proxy). Without it: who holds what, since when, at what price.
Without a cluster, --sites takes kubectl get computesites,carbonpolicies,namespaces,nodes,pods -A -o yaml, and the owners of the pods.`;

const SIMULATE_HELP = `
Plans are made by what was foreseen, carried out step by step, and paid for by what came; set against starting every job on arrival
at its home, and against the least that was possible for whoever had known all.

  kubectl carbon simulate --scenario scenario.yaml --forecast Persistence`;

const KINDS = ['caj', 'carbonawarejob', 'carbonawarejobs', 'carbonawarejobs.sunward.dev', 'carbonawarejob.sunward.dev'];

/** Throws {@link UsageError} for another kind. */
function nameIn(operand: string): string {
  const [kind = '', name, ...rest] = operand.split('/');
  if (name === undefined) return kind;
  if (KINDS.includes(kind.toLowerCase()) && name !== '' && rest.length === 0) return name;
  throw new UsageError(`"${operand}" is no job: write caj/NAME, and its namespace with -n`);
}

function codeOf(error: unknown, { err }: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  err(`${wordsOf(error)}\n`);
  if (error instanceof UsageError || error instanceof ConfigError) return 2;
  // Whatever else is a fault of ours: who reports it needs to say where.
  if (!(error instanceof ClusterError) && error instanceof Error) err(`${error.stack ?? ''}\n`);
  return 1;
}
