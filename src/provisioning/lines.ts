/** A line of a file. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without the newline. A line longer than `maxLineBytes` may be cut, but stays longer than that. */
  readonly bytes: Buffer;
  /** The size of the file up to the end of this line, in bytes. */
  readonly endsAt: number;
}

/** Lines of more bytes than this are not kept whole in memory. */
export const maxLineBytes = 65_536;

const newline = 0x0a;

/** Splits a file that is read in chunks into lines; holds no more than a line and a chunk in memory. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 1;
  let read = 0;
  let begun: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      yield { number, bytes: joined(begun, chunk.subarray(from, end)), endsAt: read + end + 1 };
      number += 1;
      begun = Buffer.alloc(0);
      from = end + 1;
    }
    begun = joined(begun, chunk.subarray(from));
    read += chunk.length;
  }
  if (begun.length > 0) yield { number, bytes: begun, endsAt: read };
}

function joined(begun: Buffer, rest: Buffer): Buffer {
  if (begun.length === 0) return rest;
  return begun.length > maxLineBytes ? begun : Buffer.concat([begun, rest]);
}
