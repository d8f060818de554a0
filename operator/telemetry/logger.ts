import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { Logger } from '../ports/logger.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where the lines go. Default: standard output. */
  readonly destination?: DestinationStream;
}

/** What may never be read in a log, however deep it comes in. */
const SECRETS = ['authorization', 'token', 'password', 'secret'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** One JSON object a line: `time` (RFC 3339), `level`, `message`, and the fields. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[redacted]' },
    serializers: { error: describe },
  };
  return adapt(destination === undefined ? pino(options) : pino(options, destination));
}

function adapt(logger: PinoLogger): Logger {
  return {
    debug: (message, fields) => {
      logger.debug(fields ?? {}, message);
    },
    info: (message, fields) => {
      logger.info(fields ?? {}, message);
    },
    warn: (message, fields) => {
      logger.warn(fields ?? {}, message);
    },
    error: (message, fields) => {
      logger.error(fields ?? {}, message);
    },
    child: (fields) => adapt(logger.child(fields)),
  };
}

/** An Error that is logged as it is would be written as `{}`. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return error.cause === undefined ? error.message : `${error.message}: ${String(describe(error.cause))}`;
}
