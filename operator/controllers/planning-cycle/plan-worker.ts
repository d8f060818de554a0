import { parentPort } from 'node:worker_threads';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { rememberingPlan } from './planner.ts';

const plan = rememberingPlan();

/** The thread beside: a snapshot comes, its plan goes back. */
parentPort?.on('message', (snapshot: PlanningSnapshot) => {
  parentPort?.postMessage(plan(snapshot));
});
