import type { Logger } from '../../../ports/logger.ts';

/** `299 - "text"`, several of them joined by commas; quotes in the text are escaped (RFC 7234, 5.5). */
const WARNING = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;
const MOST_REMEMBERED = 1_000;

/** The texts of a `Warning` header. */
export function parseWarnings(header: string): string[] {
  return Array.from(header.matchAll(WARNING), ([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

/** Logs what the API server warns of, e.g. a deprecated version or an unknown field; the same words once. */
export class ServerWarnings {
  readonly #logger: Logger;
  readonly #logged = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  take(header: string, request: string): void {
    for (const warning of parseWarnings(header)) {
      if (this.#logged.has(warning)) continue;
      if (this.#logged.size >= MOST_REMEMBERED) this.#logged.clear();
      this.#logged.add(warning);
      this.#logger.warn('the API server warns', { warning, request });
    }
  }
}
