import { headerOf, type Operation, type Parameter } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';
import { allowedHeaders, preflightMaxAge } from './cross-origin.js';
import { methodNotAllowed, noSuchRealm, serverError, unavailable } from './oauth.openapi.js';

const inHeader = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: text(),
  example,
});

/**
 * A browser's question whether a page may send a request.
 * @param tag that of the endpoint
 * @param methods those of the endpoint, as `Access-Control-Allow-Methods` lists them
 */
export function preflightOperation(tag: string, methods: string): Operation {
  return {
    tag,
    summary: 'Ask whether a page may send a request',
    description: 'Browsers ask, before they send a request of another origin’s page (Fetch standard).',
    parameters: [
      inHeader('Origin', 'The origin of the page.', 'https://app.example'),
      inHeader('Access-Control-Request-Method', 'The method of the request.', 'POST'),
    ],
    answers: {
      204: {
        description: 'It may: a client of the realm is registered with the origin.',
        headers: {
          'Access-Control-Allow-Origin': headerOf(text('The origin of the page.')),
          'Access-Control-Allow-Methods': headerOf(text(undefined, { const: methods })),
          'Access-Control-Allow-Headers': headerOf(text(undefined, { const: allowedHeaders })),
          'Access-Control-Max-Age': headerOf(text('In seconds.', { const: preflightMaxAge })),
          Vary: headerOf(text(undefined, { const: 'Origin' })),
        },
      },
      404: noSuchRealm,
      405: methodNotAllowed,
      500: serverError,
      503: unavailable,
    },
  };
}
