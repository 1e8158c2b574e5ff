import { Document, isScalar, Scalar, visit } from 'yaml';
import type { Members } from '../domain/members.js';

/** A text of more than one line, or with a character that is hard to see, is written with escapes. */
const needsEscapes = /[\p{C}\p{Zl}\p{Zp}]/u;

const writing = { lineWidth: 0, blockQuote: false, flowCollectionPadding: false } as const;

/**
 * A subject's members as lines of YAML that a configuration file can have, without a newline at the end: `${` is written so
 * that it stands for itself.
 */
export function memberLines(members: Members): string {
  // As a file is read: by the core schema alone, without YAML's merge keys.
  const document = new Document(members, { schema: 'core', merge: false, aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, sequence) => {
      sequence.flow = sequence.items.every((item) => isScalar(item));
    },
    Map: (key, map) => {
      if (map.items.length === 0 && key !== null) map.flow = true;
    },
    Scalar: (key, scalar) => {
      const { value } = scalar;
      if (typeof value !== 'string') return;
      // A merge key has no quotes.
      if (needsEscapes.test(value) || (key === 'key' && value === '<<')) scalar.type = Scalar.QUOTE_DOUBLE;
      if (key !== 'key') scalar.value = value.replaceAll('${', () => '$${');
    },
  });
  return document.toString(writing).trimEnd();
}

/** The members as an item of a list at this depth of indentation, in spaces, with a newline at the end. */
export function listItem(members: Members, indent: number): string {
  const [first, ...others] = memberLines(members).split('\n');
  const space = ' '.repeat(indent);
  return [`${space}- ${first}`, ...others.map((line) => `${space}  ${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}
