import { describe, expect, test } from '@jest/globals';
import type { ClusterPki } from '../certificates/pki.ts';
import { apiServerArguments, controllerManagerArguments, etcdArguments, schedulerArguments } from './arguments.ts';
import type { ClusterOptions } from './options.ts';

const pki = { files: { directory: '/pki' } } as ClusterPki;

function apiServer(options: ClusterOptions, audit?: { policyFile: string; logFile: string }): string[] {
  return apiServerArguments({ options, pki, etcdUrl: 'http://127.0.0.1:20001', port: 20_002, audit });
}

describe('the command lines', () => {
  test('keep everything on loopback', () => {
    const all = [...etcdArguments('http://127.0.0.1:20001', '/etcd'), ...apiServer({})];
    const addresses = all.filter((flag) => /^--(listen|bind|advertise|initial-advertise|etcd-servers)/.test(flag));
    expect(addresses.length).toBeGreaterThan(6);
    for (const flag of addresses) expect(flag).toMatch(/=(http:\/\/)?127\.0\.0\.1(:\d+)?$/);
  });

  test('judge users by RBAC, and pods by their service account', () => {
    const flags = apiServer({});
    expect(flags).toContain('--authorization-mode=RBAC');
    expect(flags.join(' ')).not.toContain('disable-admission-plugins');
  });

  test('emulate an older version in every component that can', () => {
    const options = { emulatedVersion: '1.35' };
    for (const flags of [
      apiServer(options),
      controllerManagerArguments(options, pki, '/k'),
      schedulerArguments(options, '/c'),
    ]) {
      expect(flags).toContain('--emulated-version=kube=1.35');
    }
    expect(apiServer({}).join(' ')).not.toContain('emulated');
  });

  test('pass gates, API versions and further flags on', () => {
    const options = {
      featureGates: { MutableSchedulingDirectivesForSuspendedJobs: false, WatchList: true },
      runtimeConfig: { 'resource.k8s.io/v1beta1': true },
      apiServerFlags: ['--min-request-timeout=2'],
    };
    const gates = '--feature-gates=MutableSchedulingDirectivesForSuspendedJobs=false,WatchList=true';
    const flags = apiServer(options);
    expect(flags).toEqual(expect.arrayContaining([gates, '--runtime-config=resource.k8s.io/v1beta1=true']));
    expect(flags.at(-1)).toBe('--min-request-timeout=2');
    expect(controllerManagerArguments(options, pki, '/k')).toContain(gates);
  });

  test('audit only when asked to', () => {
    expect(apiServer({}).join(' ')).not.toContain('audit');
    expect(apiServer({}, { policyFile: '/policy', logFile: '/log' })).toEqual(
      expect.arrayContaining(['--audit-policy-file=/policy', '--audit-log-path=/log']),
    );
  });

  test('run the controllers that Jobs need, with credentials of their own', () => {
    const flags = controllerManagerArguments({ controllers: ['deployment-controller'] }, pki, '/k');
    const controllers = flags
      .find((flag) => flag.startsWith('--controllers='))
      ?.slice('--controllers='.length)
      .split(',');
    expect(controllers).toEqual(
      expect.arrayContaining([
        ...['job-controller', 'garbage-collector-controller', 'namespace-controller', 'cronjob-controller'],
        ...['node-lifecycle-controller', 'taint-eviction-controller', 'ttl-after-finished-controller'],
        ...['serviceaccount-controller', 'serviceaccount-token-controller', 'pod-garbage-collector-controller'],
        'deployment-controller',
      ]),
    );
    expect(flags).toContain('--use-service-account-credentials=true');
  });
});
