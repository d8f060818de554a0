import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CertificateAuthority } from '../../certificates/certificate.ts';
import { ensureBinaries } from '../ensure.ts';
import { isolatedSettings, temporaryDirectory } from '../fixtures.ts';
import type { ToolName } from '../tools.ts';

const EXECUTABLE = '#!/bin/sh\necho official\n';
const KWOK = '/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64';
const KWOK_RELEASE = '/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0';
const ETCD = '/etcd-io/etcd/releases/download/v3.6.14/etcd-v3.6.14-linux-amd64.tar.gz';
const ETCD_SUMS = '/etcd-io/etcd/releases/download/v3.6.14/SHA256SUMS';
const KUBECTL = '/release/v1.36.4/bin/linux/amd64/kubectl';

let directory: string;
let server: Server;
let origin: string;
/** What the server has, by path. A function answers by itself. */
let files: Map<string, string | Buffer | RequestListener>;

const serve: RequestListener = (request, response) => {
  const file = files.get(request.url ?? '');
  if (file === undefined) response.writeHead(404).end('no such file');
  else if (typeof file === 'function') file(request, response);
  else response.end(file);
};

async function listen(listener: Server): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return (listener.address() as AddressInfo).port;
}

function digest(content: string | Buffer, algorithm = 'sha256'): string {
  return createHash(algorithm).update(content).digest('hex');
}

async function etcdArchive(): Promise<Buffer> {
  const root = join(directory, 'etcd-v3.6.14-linux-amd64');
  await mkdir(root);
  await writeFile(join(root, 'etcd'), EXECUTABLE, { mode: 0o755 });
  await writeFile(join(root, 'README.md'), 'etcd');
  const archive = join(directory, 'etcd.tar.gz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', directory, 'etcd-v3.6.14-linux-amd64']);
  return readFile(archive);
}

function publish(archive: Buffer): void {
  files.set(KWOK, EXECUTABLE);
  files.set(
    KWOK_RELEASE,
    JSON.stringify({ assets: [{ name: 'kwok-linux-amd64', digest: `sha256:${digest(EXECUTABLE)}` }] }),
  );
  files.set(KUBECTL, EXECUTABLE);
  files.set(`${KUBECTL}.sha512`, digest(EXECUTABLE, 'sha512'));
  files.set(ETCD, archive);
  files.set(ETCD_SUMS, `${digest(archive)}  etcd-v3.6.14-linux-amd64.tar.gz\n`);
}

async function download(...names: ToolName[]): Promise<string[]> {
  const settings = isolatedSettings(directory, {
    missing: 'download',
    baseUrls: { kubernetes: origin, github: origin, 'github-api': origin },
  });
  const binaries = await ensureBinaries(names, { settings, progress: () => undefined });
  return Promise.all(names.map((name) => readFile(binaries.path(name), 'utf8')));
}

async function cachedFiles(): Promise<boolean> {
  return access(join(directory, 'cache', 'binaries', 'kwok', 'v0.8.0', 'linux-amd64', 'kwok')).then(
    () => true,
    () => false,
  );
}

beforeEach(async () => {
  directory = await temporaryDirectory();
  files = new Map();
  publish(await etcdArchive());
  server = createHttpServer(serve);
  origin = `http://127.0.0.1:${await listen(server)}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

describe('downloading official releases', () => {
  test('takes plain files and archives whose checksums are right', async () => {
    expect(await download('kubectl', 'etcd', 'kwok')).toEqual([EXECUTABLE, EXECUTABLE, EXECUTABLE]);
  });

  test('refuses a file whose checksum is another, and installs nothing', async () => {
    files.set(KWOK, '#!/bin/sh\necho tampered\n');
    await expect(download('kwok')).rejects.toThrow(
      /its sha256 is [0-9a-f]{64}, .*\/tags\/v0\.8\.0 says [0-9a-f]{64}.*nothing was installed/,
    );
    expect(await cachedFiles()).toBe(false);
  });

  test('refuses a file that ends early without saying so', async () => {
    files.set(KWOK, EXECUTABLE.slice(0, 12));
    await expect(download('kwok')).rejects.toThrow('The file is incomplete or not the official one');
    expect(await cachedFiles()).toBe(false);
  });

  test('says that the connection broke off', async () => {
    files.set(KWOK, (_, response) => {
      response.writeHead(200, { 'content-length': String(EXECUTABLE.length) });
      response.write(EXECUTABLE.slice(0, 12), () => response.destroy());
    });
    await expect(download('kwok')).rejects.toThrow('the connection broke off');
    expect(await cachedFiles()).toBe(false);
  });

  test.each([KWOK, KWOK_RELEASE])('says which URL the server lacks: %s', async (path) => {
    files.delete(path);
    await expect(download('kwok')).rejects.toThrow(`downloading ${origin}${path}: the server answered 404`);
  });

  test('says which server it cannot reach', async () => {
    origin = 'http://127.0.0.1:1';
    await expect(download('kubectl')).rejects.toThrow(
      /^downloading http:\/\/127\.0\.0\.1:1\/release.*sha512: fetch failed: /,
    );
  });

  test('says what to do where there is no release for the platform', async () => {
    const settings = isolatedSettings(directory, { missing: 'download', platform: { os: 'darwin', arch: 'arm64' } });
    await expect(ensureBinaries(['kube-apiserver'], { settings, progress: () => undefined })).rejects.toThrow(
      'there is no official release for darwin-arm64. Build it with Go instead: BINARIES=build',
    );
  });
});

test('the command downloads over HTTPS, from a server whose certificate it trusts', async () => {
  const authority = new CertificateAuthority('test');
  const certified = authority.issue({ commonName: 'mirror', subjectAltNames: ['127.0.0.1'], usage: 'serverAuth' });
  const trusted = join(directory, 'ca.pem');
  await writeFile(trusted, authority.certificate);
  const secure = createHttpsServer({ cert: certified.certificate, key: certified.privateKey }, serve);
  const mirror = `https://127.0.0.1:${await listen(secure)}`;
  const run = async (certificates: string): Promise<{ code: number | null; output: string }> => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../main.ts', import.meta.url)), 'binaries', 'etcd'],
      {
        env: {
          PATH: process.env['PATH'],
          SUNWARD_CACHE: join(directory, 'cache-of-command'),
          BINARIES: 'download',
          SUNWARD_GITHUB_DOWNLOADS: mirror,
          NODE_EXTRA_CA_CERTS: certificates,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, output: stdout + stderr };
  };
  try {
    const untrusted = await run('');
    expect(untrusted.code).toBe(1);
    expect(untrusted.output).toMatch(/^downloading https:.*certificate/m);
    const accepted = await run(trusted);
    expect(accepted.output).toContain('downloaded etcd v3.6.14, checksum ok,');
    expect(accepted.output).toMatch(/^etcd +.*cache-of-command.*\(cache\)$/m);
    expect(accepted.code).toBe(0);
  } finally {
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  }
});
