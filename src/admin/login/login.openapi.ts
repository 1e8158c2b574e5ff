import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { objectOf, realmPath, text, time } from '../../openapi/schema.js';
import { problems } from '../problem.openapi.js';

/** What a code is exchanged for. */
const token = objectOf(
  {
    access_token: text('The admin token.'),
    token_type: text(undefined, { const: 'Bearer' }),
    realm: realmPath,
    scope: text(undefined, { const: 'admin' }),
    expires_at: time(),
  },
  {},
  { title: 'AdminToken', description: 'A token that may look and change, for an hour.' },
);

const example = {
  access_token: 'sya_BcYG6tq3f0sZ',
  token_type: 'Bearer',
  realm: '/',
  scope: 'admin',
  expires_at: '2026-01-01T13:00:00.000Z',
};

const code = '6b7wQHn3m0sVfC1u2gE9dYtLr8xKpZ4aJiNoTqWyUhM';

export const exchangeCode: Operation = {
  tag: 'Login',
  summary: 'Exchange the code of the demo for an admin token',
  description:
    'The demo prints an address of the dashboard with a code. It is good for five minutes, once, and for nothing after ' +
    'ten wrong ones.',
  body: {
    required: true,
    content: {
      'application/json': {
        schema: objectOf({ code: text('The code.', { maxLength: 400 }) }),
        examples: { code: { code } },
      },
    },
  },
  answers: {
    200: jsonAnswer('The token.', token, example),
    ...problems('bad-request', 'too-large', 'unsupported-media-type', 'fault', 'unavailable'),
  },
};
