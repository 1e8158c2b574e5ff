import { type AnswerDescription, jsonAnswer, type Parameter, queryParameter } from '../openapi/operation.js';
import { arrayOf, objectOf, realmPath, type Schema, text } from '../openapi/schema.js';
import { maxParameterLength } from './admin-query.js';
import { defaultLimit, maxLimit } from './pager.js';

/** A text that a parameter of the query may be. */
export function filterText(description: string): Schema {
  return text(description, { maxLength: maxParameterLength, pattern: '^[^\\u0000]*$' });
}

/** A realm, or the empty text, that only entries of that realm, or of none, are asked for by. */
export const realmParameter = queryParameter(
  'realm',
  {
    description:
      'Only entries of this realm; an empty one: of no realm. It must be the caller’s realm, or below it.',
    type: 'string',
    maxLength: maxParameterLength,
    pattern: `^$|${realmPath.pattern}`,
  },
  '/alpha',
);

/** The parameters of every list. */
export const pageParametersOf: readonly Parameter[] = [
  queryParameter('limit', {
    description: 'How many entries at most.',
    type: 'integer',
    minimum: 1,
    maximum: maxLimit,
    default: defaultLimit,
  }),
  queryParameter('cursor', filterText('`next` of the page before, with the same filters.')),
];

/** A page of a list. */
export function pageAnswer(description: string, item: Schema, example: unknown): AnswerDescription {
  const next = text('Sent as `cursor`, it gets the next page; left out on the last one.');
  return jsonAnswer(description, objectOf({ items: arrayOf(item) }, { next }), {
    items: [example],
    next: 'AAECAwQFBgcICQoLDA0OD1sxNzY3MjY4Nzk4MTIzLCIwYjljIl0',
  });
}
