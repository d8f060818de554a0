import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (Linux 32768, macOS 49152), so that a port
 * stays ours to come back to while a killed API server is down.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const ATTEMPTS = 50;

/**
 * A port on 127.0.0.1 that nobody listens on now. Another process may take it before it is used: whoever uses it must
 * try again with another port when binding fails.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const candidate = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await canBind(candidate)) return candidate;
  }
  throw new Error(
    `finding a free port: none of ${ATTEMPTS} tried between ${FIRST_PORT} and ${LAST_PORT} is free on 127.0.0.1`,
  );
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
