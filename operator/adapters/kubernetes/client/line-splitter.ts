const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines. It cuts bytes, not characters: a character whose bytes come in two chunks is decoded
 * once its line is whole. A line that spans many chunks is joined once, at its end.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #pendingBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Bytes of a line that has no end yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The lines that this chunk completes, empty ones left out. Throws RangeError where a line outgrows the limit. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const line = this.#take();
      if (line !== '') yield line;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      throw new RangeError(`a line of the stream is longer than ${this.#maxLineBytes} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): string {
    const [first] = this.#parts;
    const bytes =
      this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts, this.#pendingBytes);
    this.#parts = [];
    this.#pendingBytes = 0;
    return bytes.toString('utf8').trimEnd();
  }
}
