/** House rules on .github/workflows: few rights, fixed versions, nothing of strangers in a script. */
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { parseDocument } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: unknown;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on?: string | readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** They run with the rights of the repository on what anyone has sent. */
const OF_STRANGERS = ['pull_request_target', 'workflow_run', 'issue_comment'];
const VERSION = /^[^@]+@(v\d+(\.\d+){0,2}|[0-9a-f]{40})$/;
const ONLY_READ = JSON.stringify({ contents: 'read' });

/** What is wrong with a workflow; empty when nothing is. */
export function workflowFaults(text: string): string[] {
  const document = parseDocument(text, { strict: true });
  const unreadable = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (unreadable.length > 0) return unreadable;
  const { on = {}, permissions, jobs = {} } = document.toJS() as Workflow;
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? (on as string[]) : Object.keys(on);
  return [
    ...triggers
      .filter((trigger) => OF_STRANGERS.includes(trigger))
      .map((trigger) => `${trigger} runs with the repository's rights on what anyone has sent`),
    ...(JSON.stringify(permissions) === ONLY_READ
      ? []
      : ['permissions of the workflow are to be `contents: read`; a job that needs more says so']),
    ...Object.entries(jobs).flatMap(([name, job]) => jobFaults(job).map((fault) => `job ${name}: ${fault}`)),
  ];
}

function jobFaults(job: Job): string[] {
  const faults = (job.steps ?? []).flatMap(stepFaults);
  if (typeof job.permissions === 'string') faults.push(`permissions are named one by one, not ${job.permissions}`);
  if (job.uses !== undefined) return faults;
  if (job['timeout-minutes'] === undefined) faults.push('has no timeout-minutes: one that hangs runs for six hours');
  if (job['runs-on']?.endsWith('-latest') !== false) faults.push('runs-on is to name a version');
  return faults;
}

function stepFaults({ uses, run, with: inputs }: Step): string[] {
  const faults: string[] = [];
  if (uses !== undefined && !uses.startsWith('./') && !VERSION.test(uses)) {
    faults.push(`${uses} is to have a version or a digest`);
  }
  if (uses?.startsWith('actions/checkout@') === true && inputs?.['persist-credentials'] !== false) {
    faults.push('actions/checkout is to leave no token behind: persist-credentials: false');
  }
  // A title of a pull request or a name of a branch would be a part of the script.
  if (run?.includes('${{') === true) faults.push('a script takes expressions from env, never from ${{ }}');
  return faults;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = '.github/workflows';
  const files = readdirSync(folder).sort();
  const faults = files.flatMap((file) =>
    workflowFaults(readFileSync(`${folder}/${file}`, 'utf8')).map((fault) => `${folder}/${file}: ${fault}`),
  );
  if (files.length === 0) faults.push(`${folder} is empty`);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
