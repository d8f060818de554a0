import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { TelemetryServer } from './http-server.ts';

let synced = false;
let server: TelemetryServer;

beforeEach(async () => {
  const registry = new Registry();
  new Counter({ name: 'sunward_test_total', help: 'A counter.', registers: [registry] }).inc();
  server = await TelemetryServer.start({
    host: '127.0.0.1',
    port: 0,
    registry,
    ready: { caches: () => synced },
    alive: { process: () => true },
  });
});

afterEach(() => server.stop());

function ask(path: string, method = 'GET'): Promise<Response> {
  return fetch(`http://127.0.0.1:${String(server.port)}${path}`, { method });
}

test('metrics are in the text format of Prometheus', async () => {
  const answer = await ask('/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain('sunward_test_total 1');
});

test('readiness names the check that fails, and follows it', async () => {
  synced = false;
  const before = await ask('/readyz');
  expect([before.status, await before.text()]).toEqual([503, '[-] caches\n']);
  synced = true;
  const after = await ask('/readyz');
  expect([after.status, await after.text()]).toEqual([200, '[+] caches\n']);
});

test('liveness is apart from readiness', async () => {
  synced = false;
  expect((await ask('/healthz')).status).toBe(200);
});

test('other paths and other methods are refused', async () => {
  expect((await ask('/debug')).status).toBe(404);
  expect((await ask('/metrics', 'POST')).status).toBe(405);
});
