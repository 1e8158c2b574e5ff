import { isUtf8 } from 'node:buffer';

/** Bytes that are not a text in UTF-8. The message says why in fixed words, without quoting them. */
export class NotUtf8 extends Error {
  constructor(
    reason: string,
    /** The first line with such bytes, counted from 1. */
    readonly line: number,
  ) {
    super(reason);
    this.name = 'NotUtf8';
  }
}

const newline = 0x0a;

/** What Node puts in the place of bytes that are not UTF-8 (U+FFFD). */
const replacement = '\ufffd';

/**
 * The text in these bytes, without a byte order mark.
 * @throws NotUtf8 also for NUL, which no text of ours has, and UTF-16 without a byte order mark always has
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (isUtf16(bytes)) throw new NotUtf8('is UTF-16, not UTF-8', 1);
  if (!isUtf8(bytes))
    throw new NotUtf8(
      'is not UTF-8',
      lineWith(bytes, (line) => !isUtf8(line)),
    );
  if (bytes.includes(0)) {
    throw new NotUtf8(
      'contains NUL: it must be UTF-8, not UTF-16',
      lineWith(bytes, (line) => line.includes(0)),
    );
  }
  return new TextDecoder().decode(bytes);
}

/**
 * Whether a text may have held bytes that are not UTF-8. Node decodes the environment and the command line before we
 * see them, and marks such bytes in this way.
 */
export function hasReplacedBytes(text: string): boolean {
  return text.includes(replacement);
}

/** Whether the bytes begin with one of UTF-16's byte order marks. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The number of the first line that the test finds. A newline is never a part of another character in UTF-8. */
function lineWith(bytes: Uint8Array, test: (line: Uint8Array) => boolean): number {
  let number = 1;
  let from = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
    if (test(bytes.subarray(from, end))) return number;
    number += 1;
    from = end + 1;
  }
  return number;
}
