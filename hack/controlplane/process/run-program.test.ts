import { describe, expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';

const node = (script: string, options = {}) =>
  runProgram(process.execPath, ['-e', script], { limitMs: 30_000, ...options });

describe('running a program', () => {
  test('tells what it wrote where, and how it ended', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3;');
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  test('gives it what it reads', async () => {
    expect(await node('process.stdin.pipe(process.stdout)', { input: 'words' })).toMatchObject({ stdout: 'words' });
  });

  test('shows it the environment that is given, and no other', async () => {
    const { stdout } = await node('console.log(Object.keys(process.env).join())', { env: { ONE: '1' } });
    expect(stdout.trim()).toBe('ONE');
  });

  test('one past its limit is killed, whatever it thinks of that', async () => {
    const hangs = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up");';
    expect(await node(hangs, { limitMs: 1_500 })).toMatchObject({ code: null });
  });

  test('one that does not exist is an error', async () => {
    await expect(runProgram('sunward-no-such-program', [], { limitMs: 1_000 })).rejects.toThrow('ENOENT');
  });
});
