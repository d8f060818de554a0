import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Plan } from '../../domain/decision.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { SnapshotSender, type PlanMessage } from './plan-messages.ts';
import type { Planner } from './planner.ts';

/**
 * A plan makes much that is soon thrown away: with V8's own limit (48 MiB) the thread's heap grows to four times what it
 * needs, with this one it takes no longer.
 */
const YOUNG_GENERATION_MIB = 8;

/**
 * Plans in a thread of its own, one plan at a time. The thread starts with the first plan, is replaced after a fault,
 * and ends with `abort`.
 */
export class PlanningThread implements Planner {
  readonly #script: URL;
  #beside: Beside | undefined;

  /** @param script `plan-worker`, as this process can load it. */
  constructor(script: URL) {
    this.#script = script;
  }

  async plan(snapshot: PlanningSnapshot, abort: AbortSignal): Promise<Plan> {
    abort.throwIfAborted();
    const { worker, sender } = (this.#beside ??= this.#start());
    worker.ref();
    const answer = once(worker, 'message', { signal: abort }) as Promise<[PlanMessage]>;
    worker.postMessage(sender.messageOf(snapshot));
    try {
      const [message] = await answer;
      return sender.planIn(message);
    } catch (error) {
      // A thread that failed or was left in the middle of a plan would answer the next question with this one's answer.
      await this.stop();
      throw new Error('planning in the thread beside', { cause: error });
    } finally {
      worker.unref();
    }
  }

  async stop(): Promise<void> {
    const beside = this.#beside;
    this.#beside = undefined;
    await beside?.worker.terminate();
  }

  #start(): Beside {
    const worker = new Worker(this.#script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB } });
    const beside = { worker, sender: new SnapshotSender() };
    worker.once('exit', () => {
      if (this.#beside === beside) this.#beside = undefined;
    });
    return beside;
  }
}

/** A thread, and what it has been told so far. */
interface Beside {
  readonly worker: Worker;
  readonly sender: SnapshotSender;
}
