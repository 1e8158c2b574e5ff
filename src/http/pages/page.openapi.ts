import { type AnswerDescription, headerOf, type HeaderDescription } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';
import { pageHeaders } from './page.js';

const { 'Content-Type': pageType, ...fixed } = pageHeaders;

const headers: Readonly<Record<string, HeaderDescription>> = {
  ...Object.fromEntries(
    Object.entries(fixed).map(([name, value]) => [name, headerOf(text(undefined, { const: value }))]),
  ),
  'Content-Security-Policy': headerOf(text('Names the page’s own style and script by their hashes.')),
};

export const setCookie: HeaderDescription = {
  description: 'A cookie of the sign-in; there may be several.',
  required: false,
  schema: text(),
};

/** An answer that a user sees. */
export function pageAnswer(
  description: string,
  more: Readonly<Record<string, HeaderDescription>> = {},
): AnswerDescription {
  return {
    description,
    headers: { ...headers, ...more },
    content: {
      [pageType]: {
        schema: text(undefined, { pattern: '^<!doctype html>' }),
        examples: { example: '<!doctype html>\n<html lang="en">…</html>' },
      },
    },
  };
}
