import { describe, expect, test } from '@jest/globals';
import { collectionPath, namespacePath, objectPath, queryString, resourceName } from './resource-path.ts';

const PODS = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const JOBS = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
const SITES = {
  group: 'sunward.dev',
  version: 'v1alpha1',
  plural: 'computesites',
  kind: 'ComputeSite',
  namespaced: false,
};

describe('the path', () => {
  test('of an object of the core group', () => {
    expect(objectPath(PODS, { namespace: 'ns', name: 'p' })).toBe('/api/v1/namespaces/ns/pods/p');
  });

  test('of a status', () => {
    expect(objectPath(JOBS, { namespace: 'ns', name: 'j' }, 'status')).toBe(
      '/apis/batch/v1/namespaces/ns/jobs/j/status',
    );
  });

  test('of a cluster-scoped object has no namespace, even where one is given', () => {
    expect(objectPath(SITES, { namespace: 'ns', name: 's' })).toBe('/apis/sunward.dev/v1alpha1/computesites/s');
  });

  test('of all objects, in one namespace or in all', () => {
    expect(collectionPath(JOBS, {})).toBe('/apis/batch/v1/jobs');
    expect(collectionPath(JOBS, { namespace: 'ns' })).toBe('/apis/batch/v1/namespaces/ns/jobs');
  });

  test('can not be broken out of by a name', () => {
    expect(objectPath(PODS, { namespace: 'ns', name: '../../secrets?x' })).toBe(
      '/api/v1/namespaces/ns/pods/..%2F..%2Fsecrets%3Fx',
    );
  });

  test('of a namespaced object needs a namespace, and any object a name', () => {
    expect(() => namespacePath(JOBS, undefined)).toThrow('jobs.batch are namespaced: give metadata.namespace');
    expect(() => objectPath(JOBS, { namespace: 'ns', name: '' })).toThrow('without a name');
  });
});

test('a query leaves out what is undefined and escapes the rest', () => {
  expect(queryString({ limit: 500, continue: undefined, labelSelector: 'a=b,c' })).toBe(
    '?limit=500&labelSelector=a%3Db%2Cc',
  );
  expect(queryString({ continue: undefined })).toBe('');
});

test('a resource is named as kubectl names it', () => {
  expect([PODS, JOBS, SITES].map(resourceName)).toEqual(['pods', 'jobs.batch', 'computesites.sunward.dev']);
});
