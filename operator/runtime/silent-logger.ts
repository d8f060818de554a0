import type { Logger } from '../ports/logger.ts';

/** Says nothing: for tools whose users see what goes wrong by the error that ends them. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
