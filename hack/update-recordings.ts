/**
 * Makes test/contract/recordings/*.json: recordings of stand-ins, since the figures of some providers may not be passed on.
 * The recorder writes them as it writes those of a provider, so that it is tried as well.
 *
 *   node hack/update-recordings.ts [--check]
 */
import { updateGenerated, type GeneratedFile } from './generated-files.ts';
import { madeUpRecordings, recordMadeUp, type MadeUpRecording } from './recordings/made-up.ts';

const COMMAND = 'node hack/update-recordings.ts';
const FOLDER = 'test/contract/recordings';
const NEVER = new AbortController().signal;

async function fileOf(madeUp: MadeUpRecording): Promise<GeneratedFile> {
  const { recording } = await recordMadeUp(madeUp, NEVER);
  // What they should say is known: it is what the stand-in was told.
  const reviewed = { ...recording, expect: { ...recording.expect, reviewed: true } };
  return { path: `${FOLDER}/${madeUp.file}`, content: JSON.stringify(reviewed) };
}

process.exitCode = await updateGenerated(await Promise.all(madeUpRecordings().map(fileOf)), {
  check: process.argv.includes('--check'),
  command: COMMAND,
  report: console.log,
});
