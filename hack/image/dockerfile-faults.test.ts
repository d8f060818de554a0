import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { NODE_FLAGS } from '../bench/operator-process.ts';
import { dockerfileFaults } from './dockerfile-faults.ts';
import { finalStage, readDockerfile } from './dockerfile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');

const SOUND = `
ARG RUNTIME=gcr.io/distroless/nodejs24-debian13:nonroot
FROM node:24.21.0-trixie-slim AS build
WORKDIR /src
COPY package.json ./
RUN npm run build
FROM \${RUNTIME}
COPY --from=build /src/dist/main.js /app/
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/main.js"]
`;

const faultsWith = (from: string, to: string): string[] => {
  expect(SOUND).toContain(from);
  return dockerfileFaults(SOUND.replace(from, to), '24.21.0');
};

describe('a Dockerfile', () => {
  test('that builds in one stage and ships from another is fine', () => {
    expect(dockerfileFaults(SOUND, '24.21.0')).toEqual([]);
  });

  test('may have its images by digest', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    expect(faultsWith(':nonroot', `:nonroot${digest}`)).toEqual([]);
  });

  test('is held to the language', () => {
    expect(faultsWith('USER 65532:65532', 'USRE 65532:65532')).toContain('line 9: Unknown instruction: USRE');
    expect(dockerfileFaults('', '24.21.0')).toContain('it has no FROM');
  });

  test.each(['debian13', 'debian13:latest'])('has no image that may be another tomorrow: %s', (tag) => {
    expect(faultsWith('debian13:nonroot', tag)).toEqual([expect.stringContaining('may be any image tomorrow')]);
  });

  test('builds with the Node that is tested with, and runs on its major version', () => {
    expect(faultsWith('node:24.21.0', 'node:24')).toEqual([expect.stringContaining('build on node:24.21.0-')]);
    expect(faultsWith('nodejs24', 'nodejs22')).toEqual([expect.stringContaining('run on Node 24')]);
  });

  test.each(['USER nonroot', 'USER 0:0', 'USER 65532', 'USER 65532:0', ''])('does not run as %j', (user) => {
    expect(faultsWith('USER 65532:65532', user)).toEqual([expect.stringContaining('USER is to be a number')]);
  });

  test('starts without a shell, and uses none in what ships', () => {
    expect(faultsWith('["/nodejs/bin/node", "/app/main.js"]', 'node /app/main.js')).toEqual([
      'ENTRYPOINT is to be a list, as there is no shell',
    ]);
    expect(faultsWith('USER 65532', 'RUN touch /app/x\nUSER 65532')).toEqual([
      expect.stringContaining('needs a shell'),
    ]);
  });

  test('copies from its own stages alone, and fetches nothing', () => {
    expect(faultsWith('--from=build', '--from=builder')).toEqual(['COPY --from=builder is not an earlier stage']);
    expect(faultsWith('--from=build ', '')).toEqual([expect.stringContaining('comes from the checkout')]);
    expect(faultsWith('COPY package.json', 'ADD package.json')).toEqual([expect.stringContaining('use COPY')]);
  });
});

describe('the image', () => {
  const image = finalStage(readDockerfile(read('Dockerfile')));

  test('starts the operator with the flags that it was measured with', () => {
    expect(image.entrypoint).toEqual(['/nodejs/bin/node', ...NODE_FLAGS, '/app/main.js']);
  });

  test('has the user that the chart runs it as', () => {
    const [, user, group] = /runAsUser: (\d+)\s+runAsGroup: (\d+)/.exec(
      read('charts/sunward/templates/operator/deployment.yaml'),
    ) ?? [undefined];
    expect(image.user).toBe(`${String(user)}:${String(group)}`);
  });

  test('is built from what .dockerignore lets through', () => {
    const [build] = readDockerfile(read('Dockerfile'));
    const sources = build?.copies.flatMap((copy) => copy.sources) ?? [];
    const letThrough = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(letThrough.map((line) => line.slice(1)).sort()).toEqual([...sources].sort());
  });
});
