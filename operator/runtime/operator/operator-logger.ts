import type { Logger } from '../../ports/logger.ts';

/** Takes a message and nothing else. A {@link Logger} is one. */
export interface OperatorLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A structured log over one that takes messages only: `reconcile failed {"key":"default/a"}`. */
export function loggerOver(target: OperatorLogger, inherited: Readonly<Record<string, unknown>> = {}): Logger {
  const line = (message: string, fields: Readonly<Record<string, unknown>> = {}): string => {
    const all = { ...inherited, ...fields };
    return Object.keys(all).length === 0 ? message : `${message} ${JSON.stringify(all)}`;
  };
  return {
    debug: (message, fields) => {
      target.debug(line(message, fields));
    },
    info: (message, fields) => {
      target.info(line(message, fields));
    },
    warn: (message, fields) => {
      target.warn(line(message, fields));
    },
    error: (message, fields) => {
      target.error(line(message, fields));
    },
    child: (fields) => loggerOver(target, { ...inherited, ...fields }),
  };
}
