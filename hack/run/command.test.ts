import { describe, expect, test } from '@jest/globals';

import { formatDuration, runCommand } from './command.ts';

const node = (script: string, limitMs?: number) =>
  runCommand(process.execPath, ['-e', script], { output: 'capture', ...(limitMs !== undefined && { limitMs }) });

describe('running a command', () => {
  test('gives its exit code and all that it wrote', async () => {
    const result = await node('console.log("to stdout"); console.error("to stderr"); process.exitCode = 3;');
    expect(result).toMatchObject({ code: 3, output: expect.stringContaining('to stdout\n') });
    expect(result.output).toContain('to stderr\n');
  });

  test('a command that does not exist is a result, with its name', async () => {
    const result = await runCommand('sunward-no-such-command', [], { output: 'capture' });
    expect(result).toMatchObject({ code: 1, output: expect.stringContaining('sunward-no-such-command') });
  });

  test('a command past its limit is interrupted and may clean up', async () => {
    const hangs =
      'process.on("SIGINT", () => { console.log("cleaned up"); process.exit(0); }); setInterval(() => {}, 1000);';
    // Long enough for it to have begun, on a machine that is busy with other tests.
    const result = await node(hangs, 5_000);
    expect(result.output).toBe('cleaned up\n');
    expect(result.durationMs).toBeGreaterThanOrEqual(5_000);
  });
});

test.each([
  [412, '0.4 s'],
  [12_345, '12 s'],
  [59_700, '1 min 0 s'],
  [200_000, '3 min 20 s'],
])('a duration of %d ms reads %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
