import type { AuditEvent } from '../../controlplane/cluster/audit.ts';

/** The requests of one user, from the audit log of the API server. */
export interface AuditTally {
  /** By `verb resource`, e.g. `patch carbonawarejobs/status`. A watch counts when it begins. */
  readonly requests: Readonly<Record<string, number>>;
  /** Those among them that store something: create, update, patch, delete; dry runs left out. */
  readonly writes: Readonly<Record<string, number>>;
  /** Those that were answered with 400 or more, by `verb resource code`. */
  readonly refusals: Readonly<Record<string, number>>;
  /** When the writes to leases were answered, in order. */
  readonly leaseWritesAt: readonly number[];
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Counts what `user` asked for. The log is read once, line by line: ten thousand jobs make tens of MB of it. */
export async function tallyAudit(events: AsyncIterable<AuditEvent>, user: string): Promise<AuditTally> {
  const requests: Record<string, number> = {};
  const writes: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  const leaseWritesAt: number[] = [];
  for await (const event of events) {
    if (event.user.username !== user || !isCounted(event)) continue;
    const what = `${event.verb} ${resourceOf(event)}`;
    const code = event.responseStatus?.code ?? 0;
    add(requests, what);
    if (code >= 400) add(refusals, `${what} ${code}`);
    else if (WRITES.has(event.verb) && !event.requestURI.includes('dryRun=All')) add(writes, what);
    const renews = event.objectRef?.resource === 'leases' && WRITES.has(event.verb) && code < 400;
    if (renews) leaseWritesAt.push(Date.parse(event.stageTimestamp));
  }
  return { requests, writes, refusals, leaseWritesAt: leaseWritesAt.sort((a, b) => a - b) };
}

export function statusWritesOf({ writes }: Pick<AuditTally, 'writes'>): number {
  return writes['patch carbonawarejobs/status'] ?? 0;
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** A watch is logged when it begins and when it ends, everything else when it ends. */
function isCounted({ verb, stage }: AuditEvent): boolean {
  return verb === 'watch' ? stage === 'ResponseStarted' : stage !== 'ResponseStarted';
}

function resourceOf({ objectRef, requestURI }: AuditEvent): string {
  if (objectRef?.resource === undefined) return requestURI.split('?')[0] ?? requestURI;
  return objectRef.subresource === undefined ? objectRef.resource : `${objectRef.resource}/${objectRef.subresource}`;
}

function add(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
