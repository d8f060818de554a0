import { createInterface } from 'node:readline/promises';
import type { ClusterAccess } from './cluster/access.ts';
import { obstacles } from './cluster/examination.ts';
import { DEMO_LABEL } from './cluster/labels.ts';
import { demoObjects, removeDemo } from './cluster/removal.ts';
import type { Scenario } from './setup/scenario.ts';

const REMOVAL_LIMIT_MS = 90_000;

export interface Conversation {
  readonly tell: (line: string) => void;
  /** Absent where no one is there to answer. */
  readonly input: NodeJS.ReadableStream | undefined;
  readonly yes: boolean;
}

/** The demo does not run on this cluster; the message says why and what to do. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
}

/**
 * Looks whether the cluster is free for the demo, says what will be made, and asks.
 * @returns whether a demo before has left something, which is to be removed first
 * @throws NotHereError
 */
export async function agreeOnCluster(
  cluster: ClusterAccess,
  scenario: Scenario,
  { tell, input, yes }: Conversation,
  abort: AbortSignal,
): Promise<boolean> {
  const inTheWay = await obstacles(cluster.api, Date.now(), abort);
  if (inTheWay.length > 0) throw new NotHereError(`The demo can't run on this cluster:\n  ${inTheWay.join('\n  ')}`);
  const leftovers = await demoObjects(cluster.api, abort);
  for (const line of announcement(cluster, scenario, leftovers)) tell(line);
  if (!yes && !(await agreed(input, abort))) throw new NotHereError('Nothing was created.');
  return leftovers.length > 0;
}

/** Removes what the demo made, within a limit of time. @throws Error that names what is still there */
export async function leaveNothing({ api, context }: ClusterAccess, tell: (line: string) => void): Promise<void> {
  tell(`removing what the demo created on ${context} …`);
  const left = await removeDemo(api, AbortSignal.timeout(REMOVAL_LIMIT_MS));
  if (left.length === 0) {
    tell(`nothing of the demo is left on ${context}`);
    return;
  }
  const commands = left.map((name) => `  kubectl delete ${name.replace('/', ' ')}`);
  throw new Error(
    `after ${REMOVAL_LIMIT_MS / 1_000} s these were still there; they bear the label ${DEMO_LABEL}:\n${commands.join('\n')}`,
  );
}

function announcement(cluster: ClusterAccess, scenario: Scenario, leftovers: readonly string[]): readonly string[] {
  const { sites, namespaces, policies, jobs } = scenario;
  const nodes = sites.reduce((sum, site) => sum + site.nodes, 0);
  const names = namespaces.map(({ metadata }) => metadata.name).join(', ');
  return [
    `The demo will run on the cluster of context ${cluster.context}, ${cluster.server}`,
    '',
    `It creates there, each with the label ${DEMO_LABEL}, and removes at its end, after Ctrl-C too:`,
    `  ${nodes} nodes that are not real, and 2 more when they are needed; tainted, so that no one else's pods land there`,
    `  namespaces ${names} and sunward-system`,
    `  ${sites.length} ComputeSites, ${policies.length} CarbonPolicies, ${jobs.length} CarbonAwareJobs, and the Jobs and pods that they become`,
    '  where they are missing, and left alone where they are not: the resources of sunward.dev, roles and a policy of admission',
    '',
    'On this machine it runs the operator, with the rights of its ServiceAccount, and kwok, which plays the nodes.',
    ...(leftovers.length === 0 ? [] : ['', `Left from a demo before, and removed first: ${countedByKind(leftovers)}`]),
    '',
  ];
}

/** `nodes/a`, `nodes/b` and `namespaces/c` are `2 nodes, 1 namespaces`. */
function countedByKind(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const kind = name.slice(0, name.indexOf('/'));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

async function agreed(input: NodeJS.ReadableStream | undefined, abort: AbortSignal): Promise<boolean> {
  if (input === undefined) {
    throw new NotHereError('No one is there to ask. Say --yes to create these: make demo KUBECONFIG=... ARGS=--yes');
  }
  const lines = createInterface({ input, output: process.stdout });
  // A terminal that is read line by line keeps Ctrl-C to itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await lines.question('Create them? [y/N] ', { signal: abort });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    abort.throwIfAborted();
    // Ctrl-D: no answer is no.
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    lines.close();
  }
}
