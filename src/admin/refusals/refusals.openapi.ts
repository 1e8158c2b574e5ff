import { jsonAnswer, type Operation, pathParameter, queryParameter } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';
import { refusal, refusalExample, refusalExplanation } from '../explanation-view.openapi.js';
import { filterText, pageAnswer, pageParametersOf, realmParameter } from '../list.openapi.js';
import { guarded } from '../problem.openapi.js';

export const listRefusals: Operation = {
  tag: 'Refusals',
  summary: 'List refused requests, the newest first',
  description: 'A sample of them is kept for a day, also of those whose answer was that a token is inactive.',
  parameters: [
    ...pageParametersOf,
    queryParameter('reason', filterText('Only refusals for this reason.'), 'expired'),
    queryParameter('client', filterText('Only refusals of this client.'), 'billing'),
    realmParameter,
    queryParameter('route', filterText('Only refusals of this route’s template.'), '/oauth2/tokeninfo'),
  ],
  security: ['adminToken'],
  answers: { 200: pageAnswer('A page of refusals.', refusal, refusalExample), ...guarded },
};

export const showRefusal: Operation = {
  tag: 'Refusals',
  summary: 'Say why a request was refused',
  parameters: [pathParameter('id', text('The `X-Correlation-Id` of the answer.'), refusalExample.id)],
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The refusal, with its exact reason.', refusalExplanation, {
      ...refusalExample,
      sentences: ['The token had expired at 2026-01-01T11:30:00Z.'],
      hint: 'Get a new token.',
    }),
    ...guarded,
  },
};
