import { readFile } from 'node:fs/promises';
import type { Secret } from '../../ports/secrets.ts';
import { SourceError } from '../../ports/source-error.ts';

/**
 * A key in a file, as a mounted Secret shows it. It is read at each use: the kubelet changes the file when the Secret
 * changes, and a request costs more than reading some bytes.
 */
export class SecretFile implements Secret {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<string> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SourceError('Unauthorised', `reading the key file ${this.#path}: ${reason}; mount the Secret there`);
    });
    const key = text.trim();
    if (key === '') throw new SourceError('Unauthorised', `the key file ${this.#path} is empty; write the key into it`);
    // A header holds one line, and what is sent of two is no key.
    if (/[\r\n]/.test(key)) {
      throw new SourceError(
        'Unauthorised',
        `the key file ${this.#path} has more than one line; write the key alone into it`,
      );
    }
    return key;
  }
}
