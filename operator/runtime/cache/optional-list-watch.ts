import type { Clock, DurationMs } from '../../ports/clock.ts';
import {
  KubernetesApiError,
  type KubernetesObject,
  type ListPage,
  type ListWatch,
  type WatchEvent,
} from '../../ports/kubernetes-api.ts';

/** Version of the empty list; real ones are larger. */
const NOTHING = '0';
const LOOK_AGAIN_MS: DurationMs = 60_000;

/**
 * A kind that not every API server serves: where it isn't there, the list is empty, and it is looked for again now and
 * then. Without this, a cache of it would never be full, and whoever waits for it would wait for ever.
 */
export function optionalListWatch<T extends KubernetesObject>(listWatch: ListWatch<T>, clock: Clock): ListWatch<T> {
  const isServed = async (abort: AbortSignal): Promise<boolean> =>
    (await pageOrNothing(listWatch, { limit: 1 }, abort)).resourceVersion !== NOTHING;

  async function* untilServed(abort: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    for (;;) {
      await clock.sleep(LOOK_AGAIN_MS, abort);
      if (await isServed(abort)) throw listAnew();
      yield { type: 'BOOKMARK', resourceVersion: NOTHING };
    }
  }

  return {
    resource: listWatch.resource,
    list: (options, abort) => pageOrNothing(listWatch, options, abort),
    watch: (options, abort) =>
      options.resourceVersion === NOTHING ? untilServed(abort) : listWatch.watch(options, abort),
  };
}

async function pageOrNothing<T extends KubernetesObject>(
  listWatch: ListWatch<T>,
  options: { limit: number; continue?: string },
  abort: AbortSignal,
): Promise<ListPage<T>> {
  try {
    return await listWatch.list(options, abort);
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return { items: [], resourceVersion: NOTHING };
    throw error;
  }
}

function listAnew(): KubernetesApiError {
  return new KubernetesApiError({ status: 410, reason: 'Expired', message: 'the kind is served now: list it' });
}
