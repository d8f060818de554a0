import { parentPort } from 'node:worker_threads';
import { SnapshotReceiver, type SnapshotMessage } from './plan-messages.ts';
import { rememberingPlan } from './planner.ts';

const plan = rememberingPlan();
const receiver = new SnapshotReceiver();

/** The thread beside: a snapshot comes, its plan goes back. */
parentPort?.on('message', (message: SnapshotMessage) => {
  parentPort?.postMessage(receiver.messageOf(plan(receiver.snapshotIn(message))));
});
