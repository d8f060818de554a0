import { expect, test } from '@jest/globals';
import { ApiRequestError } from '../../controlplane/client/api-client.ts';
import { obstacles } from './examination.ts';
import type { Requests } from './removal.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

/** Answers by the last word of the path; what it has not is a 404. */
function apiWith(answers: Readonly<Record<string, unknown>>): Requests {
  return {
    request: <T>(path: string) => {
      const word = /([a-z]+)(\?.*)?$/.exec(path)?.[1] ?? '';
      const answer = answers[word];
      return answer === undefined
        ? Promise.reject(new ApiRequestError(404, 'NotFound', ''))
        : Promise.resolve(answer as T);
    },
  };
}

const look = (answers: Readonly<Record<string, unknown>>) =>
  obstacles(apiWith(answers), NOW, AbortSignal.timeout(1_000));

test('an empty cluster is free', async () => {
  expect(await look({})).toEqual([]);
});

test('an operator that runs is in the way', async () => {
  const spec = { holderIdentity: 'pod-1', renewTime: '2026-11-22T09:59:55.000000Z' };
  expect(await look({ sunward: { spec } })).toEqual([
    expect.stringContaining('a Sunward operator runs here already (pod-1'),
  ]);
});

test('a lease that was given up or has run out is not', async () => {
  expect(await look({ sunward: { spec: { holderIdentity: '', renewTime: '2026-11-22T09:59:55Z' } } })).toEqual([]);
  const dead = { holderIdentity: 'dead', renewTime: '2026-11-22T09:59:39Z', leaseDurationSeconds: 15 };
  expect(await look({ sunward: { spec: dead } })).toEqual([]);
});

test("jobs and sites of others are, for the demo's operator would act on them", async () => {
  const items = ['a', 'b', 'c', 'd'].map((name) => ({ metadata: { name, namespace: 'team' } }));
  expect(await look({ carbonawarejobs: { items }, computesites: { items: [{ metadata: { name: 'here' } }] } })).toEqual(
    [
      expect.stringContaining('there are carbonawarejobs already (team/a, team/b, team/c and 1 more)'),
      expect.stringContaining('there are computesites already (here)'),
    ],
  );
});

test('an API server that fails is not taken for an empty one', async () => {
  const api: Requests = { request: () => Promise.reject(new ApiRequestError(403, 'Forbidden', 'not for you')) };
  await expect(obstacles(api, NOW, AbortSignal.timeout(1_000))).rejects.toThrow('not for you');
});
