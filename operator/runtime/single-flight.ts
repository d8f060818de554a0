/**
 * One question at a time for each key: whoever asks the same while an answer is on its way waits for that one. A caller
 * that goes away gives up alone; the work ends once nobody waits for it any more.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  async do(key: string, work: (abort: AbortSignal) => Promise<T>, abort: AbortSignal): Promise<T> {
    abort.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#begin(key, work);
    flight.waiting += 1;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(abort.reason as Error);
      };
      abort.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([flight.landed, left]);
    } finally {
      abort.removeEventListener('abort', leave);
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#end(key, flight, abort.reason);
    }
  }

  #begin(key: string, work: (abort: AbortSignal) => Promise<T>): Flight<T> {
    const working = new AbortController();
    const landed = work(working.signal);
    // Whoever waits hears of a failure; where nobody does any more it is no fault of the process.
    landed.catch(() => undefined);
    const flight = { landed, working, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>, reason: unknown): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.working.abort(reason);
  }
}

interface Flight<T> {
  readonly landed: Promise<T>;
  readonly working: AbortController;
  waiting: number;
}
