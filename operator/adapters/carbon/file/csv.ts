/** One record of a CSV file. `line` is where it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export class CsvSyntaxError extends Error {
  override readonly name = 'CsvSyntaxError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Records of a CSV text (RFC 4180: cells in double quotes may hold commas, line ends and doubled quotes).
 * Blank lines are left out; a byte order mark and carriage returns are accepted. Throws {@link CsvSyntaxError}.
 */
export function csvRecords(text: string): CsvRecord[] {
  const reader = new CsvReader(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const records: CsvRecord[] = [];
  while (!reader.atEnd()) {
    const record = reader.record();
    if (record.cells.length > 1 || record.cells[0] !== '') records.push(record);
  }
  return records;
}

class CsvReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  record(): CsvRecord {
    const line = this.#line;
    const cells = [this.#cell()];
    while (this.#text[this.#at] === ',') {
      this.#at++;
      cells.push(this.#cell());
    }
    if (this.#text[this.#at] === '\r') this.#at++;
    if (this.#text[this.#at] === '\n') this.#at++;
    else if (!this.atEnd())
      throw new CsvSyntaxError(this.#line, 'text after a closing quote; put the whole cell in quotes');
    this.#line++;
    return { line, cells };
  }

  #cell(): string {
    return this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
  }

  #plain(): string {
    const from = this.#at;
    while (!this.atEnd() && !',\n\r'.includes(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #quoted(): string {
    const openedOn = this.#line;
    let cell = '';
    for (this.#at++; !this.atEnd(); this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') {
        this.#at++;
        if (this.#text[this.#at] !== '"') return cell;
      } else if (character === '\n') {
        this.#line++;
      }
      cell += character;
    }
    throw new CsvSyntaxError(openedOn, 'a quote is opened and never closed; close it with "');
  }
}
