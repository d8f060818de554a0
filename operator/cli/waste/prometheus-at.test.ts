import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CredentialSource } from '../../adapters/kubernetes/client/connection.ts';
import { UsageError } from '../answer.ts';
import { prometheusAddress } from './prometheus-address.ts';
import { prometheusAt, type PrometheusAccess } from './prometheus-at.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const SAMPLE = { metric: { pod: 'chat-0' }, value: [NOW / 1_000, '0.25'] };
const never = new AbortController().signal;

interface Asked {
  readonly method: string | undefined;
  readonly path: string;
  readonly authorization: string | undefined;
}

let server: Server;
let asked: Asked[];
let reply: { readonly status: number; readonly body: object };
let access: PrometheusAccess | undefined;

beforeEach(async () => {
  asked = [];
  reply = { status: 200, body: { status: 'success', data: { resultType: 'vector', result: [SAMPLE] } } };
  server = createServer(({ headers, method, url = '' }, response) => {
    asked.push({ method, path: url.split('?')[0] ?? '', authorization: headers.authorization });
    response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  access?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function origin(): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function credentials(): CredentialSource {
  return {
    server: new URL(`${origin()}/clusters/one`),
    read: () => Promise.resolve({ headers: { Authorization: 'Bearer of-the-user' }, tls: {} }),
  };
}

function ask(address: string, source?: CredentialSource) {
  access = prometheusAt(prometheusAddress(address), source);
  return access.prometheus.instant('up', NOW, never);
}

describe('Prometheus at a URL', () => {
  test('is asked without the credentials of the cluster', async () => {
    await expect(ask(`${origin()}/prefix`, credentials())).resolves.toEqual([
      { labels: { pod: 'chat-0' }, samples: [{ at: NOW, value: 0.25 }] },
    ]);
    expect(asked).toEqual([{ method: 'GET', path: '/prefix/api/v1/query', authorization: undefined }]);
  });
});

describe('Prometheus as a Service', () => {
  const SERVICE = 'service:monitoring/prometheus:9090';

  test('is asked through the API server, as the user, and only by GET', async () => {
    await expect(ask(SERVICE, credentials())).resolves.toHaveLength(1);
    const path = '/clusters/one/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query';
    expect(asked).toEqual([{ method: 'GET', path, authorization: 'Bearer of-the-user' }]);
  });

  test.each([
    [403, 'Unauthorised', 'ask an admin for the right to get services/proxy in monitoring'],
    [404, 'Malformed', 'kubectl get services -n monitoring'],
    [503, 'Unavailable', 'kubectl get endpointslices -n monitoring'],
  ])('that the API server answers for with %i says what to do', async (status, code, remedy) => {
    const message = 'services "prometheus" are not to be had';
    reply = { status, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status } };
    const error = await ask(SERVICE, credentials()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SourceError', code });
    expect(String(error)).toContain('service monitoring/prometheus:9090: services "prometheus" are not to be had');
    expect(String(error)).toContain(remedy);
    expect(String(error)).not.toContain('of-the-user');
  });

  test('that refuses itself is told in its own words', async () => {
    reply = { status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } };
    await expect(ask(SERVICE, credentials())).rejects.toMatchObject({
      code: 'Malformed',
      message: 'prometheus does not answer up: bad_data: parse error',
    });
  });

  test('is nowhere without a cluster', () => {
    expect(() => prometheusAt(prometheusAddress(SERVICE), undefined)).toThrow(UsageError);
  });
});
