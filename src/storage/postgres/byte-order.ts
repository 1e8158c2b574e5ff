/*
 * Names in the order of their UTF-8 bytes, which is that of their code points and PostgreSQL's collation "C". Names that
 * begin alike stand together in it.
 */

/** Orders and compares by bytes; it follows an expression. */
export const inBytes = 'COLLATE "C"';

const highestCodePoint = 0x10ffff;

/** Stands behind every name: no name is so long. */
const behindAll = String.fromCodePoint(highestCodePoint).repeat(256);

/** The first text that stands behind all names with a prefix. */
export function endOfPrefix(prefix: string): string {
  const characters = [...prefix];
  while (characters.length > 0) {
    const last = characters.pop()!.codePointAt(0)!;
    if (last < highestCodePoint) return characters.join('') + String.fromCodePoint(following(last));
  }
  return behindAll;
}

/** The next code point that stands for a character: surrogates do not. */
function following(codePoint: number): number {
  return codePoint === 0xd7ff ? 0xe000 : codePoint + 1;
}
