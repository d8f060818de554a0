import { parentPort } from 'node:worker_threads';
import { plan } from '../../planning/plan.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';

/** The thread beside: a snapshot comes, its plan goes back. */
parentPort?.on('message', (snapshot: PlanningSnapshot) => {
  parentPort?.postMessage(plan(snapshot));
});
