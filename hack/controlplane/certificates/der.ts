/**
 * The few DER (ITU-T X.690) encodings that an X.509 certificate needs. Node can sign and read certificates but not
 * write them, see docs/adr/0008-control-plane.md.
 */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), encodedLength(content.length), content]);
}

function encodedLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(TAG.sequence, ...items);
export const set = (...items: readonly Buffer[]): Buffer => element(TAG.set, ...items);
export const utf8String = (text: string): Buffer => element(TAG.utf8String, Buffer.from(text, 'utf8'));
export const octetString = (bytes: Buffer): Buffer => element(TAG.octetString, bytes);
export const boolean = (value: boolean): Buffer => element(TAG.boolean, Buffer.from([value ? 0xff : 0x00]));

/** Non-negative, big-endian; a leading zero keeps the sign bit clear. */
export function integer(magnitude: Buffer): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const digits = magnitude.subarray(start);
  const first = digits[0] ?? 0;
  return element(TAG.integer, first >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** `unusedBits`: how many of the last octet's low bits carry nothing. */
export function bitString(bytes: Buffer, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), bytes);
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}

/** RFC 5280: UTCTime serves for years before 2050. */
export function utcTime(instant: Date): Buffer {
  const digits = instant.toISOString().replace(/[-:T]/g, '');
  return element(TAG.utcTime, Buffer.from(`${digits.slice(2, 14)}Z`, 'ascii'));
}

/** `[number]` explicit, constructed. */
export const contextConstructed = (number: number, ...items: readonly Buffer[]): Buffer =>
  element(0xa0 | number, ...items);
/** `[number]` implicit, primitive. */
export const contextPrimitive = (number: number, bytes: Buffer): Buffer => element(0x80 | number, bytes);
