import { findCondition, type Condition } from '../../api/v1alpha1/conditions.ts';
import { judgeSite } from '../../controllers/computesite/judge-site.ts';
import type { SiteRecord } from '../../controllers/computesite/site-record.ts';

/** What the operator has written of something. */
export interface Told {
  readonly message: string;
  /** Absent where a file leaves it out. */
  readonly reason?: string;
}

/** An API server holds no condition without message and reason; a file may. */
export function toldBy(condition: Partial<Condition> & Pick<Condition, 'type'>): Told {
  const { message = '', reason = '', status = 'Unknown', type } = condition;
  return {
    message: message === '' ? `${type} is ${status}` : message,
    ...(reason !== '' && { reason }),
  };
}

/** `message (reason)`. */
export function toldShown({ message, reason }: Told): string {
  return reason === undefined ? message : `${message} (${reason})`;
}

/**
 * By name, sites that the operator says are not Ready as they are now, though by their specs and by one another they are in order.
 * Then its word goes before what a status looks like from here: it sees all nodes, and tells only how many of them accept work.
 */
export function toldNotReady(sites: readonly SiteRecord[]): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const record of sites) {
    const ready = findCondition(record.status.conditions, 'Ready');
    if (ready?.status !== 'False' || (ready.observedGeneration ?? 0) < record.generation) continue;
    if (judgeSite(record, sites).ok) told.set(record.name, toldBy(ready));
  }
  return told;
}
