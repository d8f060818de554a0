import type { Progress } from '../binaries/progress.ts';
import { waitFor } from '../process/wait.ts';
import { developmentDirectory, isRunning, readState, removeDevelopmentDirectory } from './state.ts';

/** The holder kills its children and removes their data; that takes less than a second. */
const STOP_TIMEOUT_MS = 20_000;

/** Stops what `up` started, by its own id, and removes its data. */
export async function down(print: Progress): Promise<void> {
  const directory = developmentDirectory();
  const state = await readState(directory);
  if (state === undefined || !(await isRunning(state))) {
    await removeDevelopmentDirectory(directory);
    print('No development control plane is up.');
    return;
  }
  const untilGone = (): Promise<true> =>
    waitFor({ for: `process ${state.pid} to end`, timeoutMs: STOP_TIMEOUT_MS }, async () =>
      (await isRunning(state)) ? undefined : true,
    );
  process.kill(state.pid, 'SIGTERM');
  try {
    await untilGone();
  } catch {
    // Its keeper stops the rest.
    process.kill(state.pid, 'SIGKILL');
    await untilGone();
  }
  await removeDevelopmentDirectory(directory);
  print('Stopped, and its data removed.');
}
