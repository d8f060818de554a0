import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { readLog, tail } from './log-file.ts';
import type { ManagedProcess } from './process-keeper.ts';
import { FatalProbeError } from './wait.ts';

/**
 * Below the range from which systems take ports for outgoing connections (Linux 32768, macOS 49152), so that a port
 * stays ours to come back to while a killed API server is down.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const LOOKS = 50;
const STARTS = 5;

/** The port was taken between the look and the bind. */
export class PortTakenError extends FatalProbeError {
  override readonly name = 'PortTakenError';
}

/**
 * Starts something on a free port of 127.0.0.1, and again on another when someone else was quicker, which `start`
 * tells by throwing {@link PortTakenError}.
 */
export async function withFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === STARTS) throw error;
    }
  }
}

/** Why a process ended before it served, with the end of its log. */
export async function startFailure(process: ManagedProcess): Promise<FatalProbeError> {
  const log = await readLog(process.logFile);
  const message = `${process.name} ended at its start:\n${tail(log)}`;
  return log.includes('address already in use') ? new PortTakenError(message) : new FatalProbeError(message);
}

/** A port on 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let look = 0; look < LOOKS; look += 1) {
    const candidate = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await canBind(candidate)) return candidate;
  }
  throw new Error(`finding a free port: none of ${LOOKS} tried between ${FIRST_PORT} and ${LAST_PORT} is free`);
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
