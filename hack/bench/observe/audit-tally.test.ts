import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../controlplane/cluster/audit.ts';
import { tallyAudit, total } from './audit-tally.ts';

const OPERATOR = 'system:serviceaccount:sunward-system:sunward';

function event(verb: string, resource: string, overrides: Partial<AuditEvent> & { code?: number } = {}): AuditEvent {
  const { code = 200, ...rest } = overrides;
  const [name, subresource] = resource.split('/');
  return {
    auditID: 'id',
    stage: verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete',
    verb,
    requestURI: `/apis/x/${resource}`,
    user: { username: OPERATOR },
    objectRef: { ...(name !== undefined && { resource: name }), ...(subresource !== undefined && { subresource }) },
    responseStatus: { code },
    requestReceivedTimestamp: '2026-11-23T08:00:00.000000Z',
    stageTimestamp: '2026-11-23T08:00:00.010000Z',
    ...rest,
  };
}

async function* logOf(...events: readonly AuditEvent[]): AsyncIterable<AuditEvent> {
  yield* events;
}

describe('the tally of the audit log', () => {
  test('counts the requests of one user by verb and resource', async () => {
    const tally = await tallyAudit(
      logOf(
        event('patch', 'carbonawarejobs/status'),
        event('patch', 'carbonawarejobs/status'),
        event('create', 'jobs', { code: 201 }),
        event('list', 'nodes'),
        event('create', 'jobs', { user: { username: 'admin' } }),
      ),
      OPERATOR,
    );
    expect(tally.requests).toEqual({ 'patch carbonawarejobs/status': 2, 'create jobs': 1, 'list nodes': 1 });
    expect(tally.writes).toEqual({ 'patch carbonawarejobs/status': 2, 'create jobs': 1 });
    expect(total(tally.requests)).toBe(4);
  });

  test('counts a watch once, when it begins', async () => {
    const ends = event('watch', 'pods', { stage: 'ResponseComplete' });
    const tally = await tallyAudit(logOf(event('watch', 'pods'), ends), OPERATOR);
    expect(tally.requests).toEqual({ 'watch pods': 1 });
    expect(tally.writes).toEqual({});
  });

  test('takes neither a dry run nor a refused request for a write', async () => {
    const dryRun = event('create', 'jobs', { requestURI: '/apis/batch/v1/namespaces/a/jobs?dryRun=All', code: 201 });
    const conflict = event('patch', 'carbonawarejobs/status', { code: 409 });
    const tally = await tallyAudit(logOf(dryRun, conflict), OPERATOR);
    expect(tally.writes).toEqual({});
    expect(tally.refusals).toEqual({ 'patch carbonawarejobs/status 409': 1 });
    expect(total(tally.requests)).toBe(2);
  });

  test('tells when the lease was written, in order', async () => {
    const at = (stageTimestamp: string) => event('update', 'leases', { stageTimestamp });
    const tally = await tallyAudit(
      logOf(
        at('2026-11-23T08:00:04.500000Z'),
        at('2026-11-23T08:00:02.000000Z'),
        event('get', 'leases'),
        event('update', 'leases', { code: 409 }),
      ),
      OPERATOR,
    );
    expect(tally.leaseWritesAt).toEqual([
      Date.parse('2026-11-23T08:00:02.000Z'),
      Date.parse('2026-11-23T08:00:04.500Z'),
    ]);
  });

  test('names a request that is for no resource by its path', async () => {
    const probe: AuditEvent = { ...event('get', 'x'), requestURI: '/readyz?verbose' };
    const { objectRef: _, ...withoutObject } = probe;
    expect((await tallyAudit(logOf(withoutObject), OPERATOR)).requests).toEqual({ 'get /readyz': 1 });
  });
});
