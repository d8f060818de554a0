/**
 * A process of its own that starts the children of a control plane and outlives its parent by just so long as it takes
 * to stop them. The channel to the parent closes however the parent ends, SIGKILL included, so nothing stays behind.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Report, Request } from './protocol.ts';

const children = new Map<number, ChildProcess>();
const leftovers: string[] = [];
let stopping = false;

function report(message: Report): void {
  // A parent that is gone needs no report.
  if (process.connected) process.send?.(message, () => undefined);
}

function start(request: Request & { kind: 'start' }): void {
  const log = openSync(request.logFile, 'a');
  const child = spawn(request.command, request.args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...request.env },
  });
  closeSync(log);
  child.once('error', (error) => {
    if (child.pid === undefined) report({ kind: 'refused', id: request.id, message: error.message });
  });
  if (child.pid === undefined) return;
  children.set(request.id, child);
  child.once('exit', (code, signal) => {
    children.delete(request.id);
    report({ kind: 'exited', id: request.id, exit: { code, signal } });
  });
  report({ kind: 'started', id: request.id, pid: child.pid });
}

/** SIGKILL, because nothing here has a state worth saving: an API server drains its watches for a minute. */
async function stopEverything(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const ends = [...children.values()].map((child) => once(child, 'exit'));
  for (const child of children.values()) child.kill('SIGKILL');
  await Promise.all(ends);
  await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })));
  process.exit(0);
}

process.on('message', (request: Request) => {
  if (stopping) return;
  if (request.kind === 'start') start(request);
  else if (request.kind === 'kill') children.get(request.id)?.kill(request.signal);
  else leftovers.push(request.path);
});
process.once('disconnect', () => void stopEverything());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stopEverything());
report({ kind: 'ready' });
