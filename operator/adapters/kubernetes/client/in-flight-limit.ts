/** At most `limit` tasks at once; the others wait in the order in which they came. */
export class InFlightLimit {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #inFlight = 0;

  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`the limit of requests in flight is ${limit}: give a whole number from 1 on`);
    }
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Rejects with `abort.reason` where `abort` fires while the task waits; later the task is asked to heed it itself. */
  async run<R>(task: () => Promise<R>, abort: AbortSignal): Promise<R> {
    if (this.#inFlight < this.#limit) this.#inFlight += 1;
    else await this.#turn(abort);
    try {
      return await task();
    } finally {
      this.#release();
    }
  }

  /** Resolves with the place of the task that has just ended. */
  #turn(abort: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (abort.aborted) {
        reject(abort.reason as Error);
        return;
      }
      const onAbort = (): void => {
        this.#waiting.delete(onTurn);
        reject(abort.reason as Error);
      };
      const onTurn = (): void => {
        abort.removeEventListener('abort', onAbort);
        resolve();
      };
      abort.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(onTurn);
    });
  }

  #release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#inFlight -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
