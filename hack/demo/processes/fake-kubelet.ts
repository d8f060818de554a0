import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBinaries } from '../../controlplane/binaries/ensure.ts';
import { kwokArguments } from '../../controlplane/cluster/arguments.ts';
import type { ProcessKeeper, ManagedProcess } from '../../controlplane/process/process-keeper.ts';
import { NODE_ANNOTATION } from '../cluster/nodes.ts';

const STAGES_FILE = fileURLToPath(new URL('../../controlplane/fake-nodes/stages.yaml', import.meta.url));

/** kwok, which plays the kubelets of the demo's nodes and of no others, in whatever cluster. */
export async function startFakeKubelet(
  keeper: ProcessKeeper,
  { kubeconfigPath, directory }: { readonly kubeconfigPath: string; readonly directory: string },
  abort: AbortSignal,
): Promise<ManagedProcess> {
  const binaries = await ensureBinaries(['kwok'], { abort });
  return keeper.spawn({
    name: 'kwok',
    command: binaries.path('kwok'),
    args: kwokArguments(kubeconfigPath, STAGES_FILE, NODE_ANNOTATION),
    logFile: join(directory, 'kwok.log'),
  });
}
