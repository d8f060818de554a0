import type { WorkloadRef } from '../../../domain/usage/assessment.ts';

const REPLICATED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'LeaderWorkerSet']);
const SUSPENDABLE = new Set(['JobSet', 'TrainJob', 'PyTorchJob', 'TFJob', 'XGBoostJob', 'JAXJob', 'MPIJob', 'RayJob']);

/** How its owner lets go of everything that it holds: a sentence that begins with a verb, without its full stop. */
export function letGo({ kind }: WorkloadRef): string {
  if (REPLICATED.has(kind)) return `Scale the ${kind} down to 0 while nobody needs it`;
  if (SUSPENDABLE.has(kind)) return `Delete or suspend the ${kind}`;
  switch (kind) {
    case 'Job':
      return 'Delete or suspend the Job; as a CarbonAwareJob with spec.interruptible it can be paused when it is idle';
    case 'CarbonAwareJob':
      return 'Delete the CarbonAwareJob or set its spec.suspend; with spec.interruptible a policy can pause it when it is idle';
    case 'CronJob':
      return 'Delete the Job that runs, and suspend the CronJob if the next one is to do no better';
    case 'Notebook':
      return 'Stop the Notebook';
    case 'RayCluster':
      return 'Delete the RayCluster or scale its workers down to 0';
    case 'Pod':
      return 'Delete the Pod';
    default:
      return `Delete the ${kind} or scale it down`;
  }
}

/** How its owner asks for fewer devices: the same, in small letters. */
export function askLess({ kind }: WorkloadRef, resource: string): string {
  if (kind === 'Pod') return `make the Pod anew with less ${resource}`;
  const replicas = REPLICATED.has(kind) ? ', or its replicas' : '';
  return `lower ${resource} in the pod template of the ${kind}${replicas}`;
}

export function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
