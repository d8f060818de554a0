import { fileURLToPath } from 'node:url';
import { runCommand } from '../run/command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes what ships, in `dist/` of the checkout; default this one. Throws, with what was printed, where that fails.
 * @param env default ours
 */
export async function buildBundle({
  checkout = ROOT,
  env = process.env,
}: {
  readonly checkout?: string;
  readonly env?: NodeJS.ProcessEnv;
} = {}): Promise<void> {
  const { code, output } = await runCommand(process.execPath, ['hack/build/main.ts'], {
    output: 'capture',
    cwd: checkout,
    env,
  });
  if (code !== 0) throw new Error(`building the bundle failed:\n${output}`);
}
