import type { AnswerDescription, Operation } from '../../openapi/operation.js';
import { objectOf, text } from '../../openapi/schema.js';
import { oauthAnswer } from '../response/oauth.openapi.js';

function statusAnswer(description: string, status: string): AnswerDescription {
  return oauthAnswer(description, objectOf({ status: text(undefined, { const: status }) }), { status });
}

export const showLife: Operation = {
  tag: 'Health',
  summary: 'Say whether the process is alive',
  answers: { 200: statusAnswer('It is.', 'ok') },
};

export const showReadiness: Operation = {
  tag: 'Health',
  summary: 'Say whether the process can serve',
  description: 'It can while its stores are usable and it is not stopping.',
  answers: {
    200: statusAnswer('It can.', 'ready'),
    503: statusAnswer('It cannot: send requests elsewhere.', 'unavailable'),
  },
};
