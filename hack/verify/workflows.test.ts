import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

import { TOOLS } from '../controlplane/binaries/tools.ts';
import { workflowFaults } from './workflows.ts';

const SOUND = `
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: { contents: read, packages: write }
    steps:
      - uses: actions/checkout@v6
        with: { persist-credentials: false }
      - run: make test "$TITLE"
        env: { TITLE: '\${{ github.event.pull_request.title }}' }
  whole:
    uses: ./.github/workflows/other.yaml
`;

const faultsWith = (from: string, to: string): string[] => {
  expect(SOUND).toContain(from);
  return workflowFaults(SOUND.replace(from, to));
};

describe('a workflow', () => {
  test('with few rights and fixed versions is fine', () => {
    expect(workflowFaults(SOUND)).toEqual([]);
    expect(faultsWith('checkout@v6', `checkout@${'0'.repeat(40)} # v6.0.1`)).toEqual([]);
  });

  test('is YAML, and says nothing twice', () => {
    expect(workflowFaults('on: [push')).not.toEqual([]);
    expect(faultsWith('permissions:', 'on: push\npermissions:')).toEqual([expect.stringContaining('unique')]);
  });

  test.each(['[pull_request_target]', 'workflow_run', '{ issue_comment: { types: [created] } }'])(
    'has no rights over what strangers send: on %s',
    (trigger) => {
      expect(faultsWith('[push, pull_request]', trigger)).toEqual([expect.stringContaining("the repository's rights")]);
    },
  );

  test.each(['contents: write', 'packages: read', 'contents: read\n  actions: write'])(
    'may only read, where a job says no more: not %j',
    (permissions) => {
      expect(faultsWith('contents: read\njobs', `${permissions}\njobs`)).toEqual([
        expect.stringContaining('permissions of the workflow'),
      ]);
    },
  );

  test('names each right of a job', () => {
    expect(faultsWith('{ contents: read, packages: write }', 'write-all')).toEqual([
      'job test: permissions are named one by one, not write-all',
    ]);
  });

  test.each(['@main', '@latest', '', '@6d1'])('has no action of a version that moves at will: %j', (version) => {
    expect(faultsWith('checkout@v6', `cache${version}`)).toEqual([expect.stringContaining('a version or a digest')]);
  });

  test('leaves no token in the checkout', () => {
    expect(faultsWith('persist-credentials: false', 'fetch-depth: 0')).toEqual([
      expect.stringContaining('persist-credentials: false'),
    ]);
  });

  test('puts nothing of a stranger into a script', () => {
    expect(faultsWith('"$TITLE"', '"${{ github.head_ref }}"')).toEqual([expect.stringContaining('from env')]);
  });

  test('runs on a system of a version, and not for ever', () => {
    expect(faultsWith('ubuntu-24.04', 'ubuntu-latest')).toEqual(['job test: runs-on is to name a version']);
    expect(faultsWith('    timeout-minutes: 5\n', '')).toEqual([expect.stringContaining('no timeout-minutes')]);
  });
});

test('a release packages the chart with the Helm that it is tested with', () => {
  const path = fileURLToPath(new URL('../../.github/workflows/release.yaml', import.meta.url));
  const { jobs } = parse(readFileSync(path, 'utf8')) as {
    jobs: { chart: { steps: { uses?: string; with?: { version?: string } }[] } };
  };
  const helm = jobs.chart.steps.find(({ uses }) => uses?.startsWith('azure/setup-helm@'));
  expect(helm?.with?.version).toBe(TOOLS.find(({ name }) => name === 'helm')?.source.version);
});
