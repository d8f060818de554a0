import { access, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { isRunning } from '../../hack/controlplane/process/process-identity.ts';
import { startPrometheus, type RunningPrometheus } from '../../hack/prometheus/prometheus.ts';
import { eventually } from '../fixtures/eventually.ts';

const CONFIG = `
global: { scrape_interval: 1s }
scrape_configs: [{ job_name: itself, static_configs: [{ targets: ['TARGET'] }] }]
`;

let directory: string;
let server: RunningPrometheus;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sunward-prometheus-test-'));
  server = await startPrometheus({ directory, config: CONFIG.replace('TARGET', '127.0.0.1:1') });
}, TOOL_SETUP_MS);
afterAll(() => server.stop());

describe('a real Prometheus', () => {
  test('does what its configuration says, in the folder that it was given', async () => {
    expect(dirname(server.process.logFile)).toBe(directory);
    await access(join(directory, 'data', 'wal'));
    // It begins to scrape after five seconds.
    await eventually(
      'it has looked for its target',
      async () => {
        const response = await fetch(`${server.url}/api/v1/query?query=up`);
        return (await response.text()).includes('"instance":"127.0.0.1:1"');
      },
      45_000,
    );
  });

  test('says why it does not start, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sunward-prometheus-test-'));
    const starting = startPrometheus({ directory: folder, config: 'scrape_configs: {}' });
    await expect(starting).rejects.toThrow(/^prometheus ended at its start:\n[^]*cannot unmarshal/);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });

  test('says what is wrong with the history that it is given', async () => {
    const starting = startPrometheus({ history: 'no metrics\n' });
    await expect(starting).rejects.toThrow(/^backfilling Prometheus: [^]*no metrics/);
  });

  test('ends when it is told to, and its folder goes', async () => {
    const another = await startPrometheus({});
    const { pid, logFile } = another.process;
    expect(await readFile(logFile, 'utf8')).toContain('Server is ready');
    await another.stop();
    expect(await isRunning(pid)).toBe(false);
    await expect(access(dirname(logFile))).rejects.toThrow('ENOENT');
  });
});
