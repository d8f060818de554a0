import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aTerminal } from '../../test/builders/terminal.ts';
import { prometheusOfGpus, type SteadyGpu } from '../../test/fixtures/scripted/prometheus-of-gpus.ts';
import { runCommandLine } from './command-line.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Where the page says that Prometheus is. */
const DOCUMENTED_URL = 'http://localhost:9090';

interface Example {
  readonly command: string;
  readonly output: string;
}

const EXAMPLES = examplesIn(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8'));

let prometheus: Awaited<ReturnType<typeof prometheusOfGpus>>;

beforeAll(async () => {
  prometheus = await prometheusOfGpus(gpusOfExample());
});

afterAll(() => prometheus.stop());

test('the page of the command line has examples', () => {
  expect(EXAMPLES.map(({ command }) => command.split(' ')[0])).toEqual(
    expect.arrayContaining(['plan', 'sites', 'waste']),
  );
});

test.each(EXAMPLES)('kubectl carbon $command prints what the page says', async ({ command, output }) => {
  const args = command.split(' ').map((word) => {
    if (word === DOCUMENTED_URL) return prometheus.url;
    return /^(docs|crds)\//.test(word) ? join(ROOT, word) : word;
  });
  const terminal = aTerminal(Date.now());
  await runCommandLine(args, terminal, new AbortController().signal);
  const printed = terminal.written.out.replaceAll(`${ROOT}/`, '');
  expect({ err: terminal.written.err, out: printed.trimEnd() }).toEqual({ err: '', out: output.trimEnd() });
});

/** Blocks of a command with what it prints. */
function examplesIn(page: string): readonly Example[] {
  return [...page.matchAll(/```console\n\$ kubectl carbon (.*)\n([\s\S]*?)```/g)].map(
    ([, command = '', output = '']) => {
      return { command, output };
    },
  );
}

/** The GPUs of docs/examples/use.yaml: chat does nothing, of finetune's eight two work, and so does scratch. */
function gpusOfExample(): readonly SteadyGpu[] {
  const some = (count: number, whose: Pick<SteadyGpu, 'node' | 'namespace' | 'pod'>, activeOf: (k: number) => number) =>
    Array.from({ length: count }, (_, k) => {
      const active = activeOf(k);
      return { ...whose, uuid: `GPU-${whose.pod}-${String(k)}`, active, watts: active > 0 ? 640 : 72 };
    });
  return [
    ...some(4, { node: 'gpu-1', namespace: 'speech', pod: 'chat-5d8f-x7' }, () => 0),
    ...some(8, { node: 'gpu-2', namespace: 'research', pod: 'finetune-lq4' }, (k) => (k < 2 ? 0.9 : 0)),
    ...some(1, { node: 'gpu-1', namespace: 'research', pod: 'scratch' }, () => 0.7),
  ];
}
