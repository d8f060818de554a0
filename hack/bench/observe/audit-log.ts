import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { AuditEvent } from '../../controlplane/cluster/audit.ts';
import type { Cluster } from '../../controlplane/cluster/cluster.ts';

/** So that the whole of a run stays in one file; by default the API server begins a new one at 100 MB. */
export const ONE_AUDIT_FILE = '--audit-log-maxsize=8192';

/** The audit log of a cluster, read in stretches: from a mark to the next. */
export class AuditLog {
  readonly #file: string;

  constructor(cluster: Pick<Cluster, 'logDirectory'>) {
    this.#file = join(cluster.logDirectory, 'audit.log');
  }

  /** Where the log ends now, in bytes. The API server writes an event before it answers, in whole lines. */
  async mark(): Promise<number> {
    return (await stat(this.#file)).size;
  }

  /** The events between two marks. `user` spares reading what others did: most of the log is not the operator's. */
  async *between(from: number, to: number, user: string): AsyncIterable<AuditEvent> {
    if (to <= from) return;
    const input = createReadStream(this.#file, { start: from, end: to - 1, encoding: 'utf8' });
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.includes(user)) yield JSON.parse(line) as AuditEvent;
    }
  }
}
