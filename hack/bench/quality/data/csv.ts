/** Rows of a comma-separated text, quotes and all (RFC 4180). Blank lines are none. */
export function csvRows(text: string): string[][] {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows: string[][] = [];
  for (const line of linesOf(withoutMark)) if (line.trim() !== '') rows.push(fieldsOf(line));
  return rows;
}

/** A line break inside of quotes ends no line. */
function linesOf(text: string): string[] {
  const plain = text.split(/\r\n|\n|\r/);
  if (!text.includes('"')) return plain;
  const lines: string[] = [];
  let open: string | undefined;
  for (const line of plain) {
    const whole: string = open === undefined ? line : `${open}\n${line}`;
    const isOpen = (whole.split('"').length - 1) % 2 === 1;
    if (!isOpen) lines.push(whole);
    open = isOpen ? whole : undefined;
  }
  return open === undefined ? lines : [...lines, open];
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return fields;
}
