import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CertificateAuthority } from '../certificates/certificate.ts';
import { ApiClient } from './api-client.ts';

type Reply = (response: ServerResponse) => void;

const json: Reply = (response) => response.setHeader('content-type', 'application/json').end('{"items":[]}');
/** As an API server answers for a resource that was defined a moment ago. */
const later =
  (retryAfter?: string): Reply =>
  (response) => {
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    response.statusCode = 429;
    response.end('{"reason":"TooManyRequests","message":"storage is (re)initializing"}');
  };

let server: Server;
let client: ApiClient;
let replies: Reply[];
let asked: string[];

beforeEach(async () => {
  replies = [];
  asked = [];
  const authority = new CertificateAuthority('test');
  const { certificate, privateKey } = authority.issue({
    commonName: 'server',
    subjectAltNames: ['127.0.0.1'],
    usage: 'serverAuth',
  });
  server = createServer({ cert: certificate, key: privateKey }, (request: IncomingMessage, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume();
    (replies.shift() ?? json)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${String(port)}`;
  client = new ApiClient({
    cluster: 'test',
    user: 'test',
    server: url,
    authorityCertificate: authority.certificate,
    credentials: { token: 'of-a-test' },
  });
});

afterEach(async () => {
  client.close();
  server.close();
  await once(server, 'close');
});

describe('a client that is told to come later', () => {
  test('does, as often as it is told', async () => {
    replies = [later('0'), later('0')];
    await expect(client.request('/apis/x', { method: 'POST', body: {} })).resolves.toEqual({ items: [] });
    expect(asked).toEqual(['POST /apis/x', 'POST /apis/x', 'POST /apis/x']);
  });

  test('gives up after ten more times', async () => {
    replies = Array.from({ length: 20 }, () => later('0'));
    await expect(client.request('/apis/x')).rejects.toThrow('GET /apis/x: 429 storage is (re)initializing');
    expect(asked).toHaveLength(11);
  });

  test('does not come again where it is not told when', async () => {
    replies = [later()];
    await expect(client.request('/apis/x')).rejects.toMatchObject({ status: 429, reason: 'TooManyRequests' });
    expect(asked).toHaveLength(1);
  });

  test('waits no longer than it is wanted', async () => {
    const end = new AbortController();
    const done = client.request('/apis/x', { abort: end.signal });
    replies = [later('3600')];
    const failed = expect(done).rejects.toThrow('aborted');
    await once(server, 'request');
    end.abort();
    await failed;
  });
});
