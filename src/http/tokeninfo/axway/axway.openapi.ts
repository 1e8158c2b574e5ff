import { type Operation, queryParameter } from '../../../openapi/operation.js';
import { count, objectOf, text } from '../../../openapi/schema.js';
import { formBody } from '../../request/client-form.openapi.js';
import {
  methodNotAllowed,
  oauthAnswer,
  oauthError,
  serverError,
  unavailable,
} from '../../response/oauth.openapi.js';

/** What `axwayTokenInfo` writes about an active token; a setting adds further texts. */
const tokenInfo = objectOf(
  {
    audience: text('The client’s identifier.'),
    user_id: text('The user; the client where it acts for itself.'),
    scope: text('Scope tokens, separated by spaces.'),
    expires_in: count('Seconds that are left.', { minimum: 1 }),
  },
  {},
  {
    title: 'AxwayTokenInfo',
    description: 'An active token; `AXWAY_ADDITIONAL_PARAMETERS` adds members.',
    additionalProperties: text(),
  },
);

const answers: Operation['answers'] = {
  200: oauthAnswer('The token is active.', tokenInfo, {
    audience: 'myClient',
    user_id: 'demo',
    scope: 'write',
    expires_in: 3599,
  }),
  400: oauthAnswer('The token is not active, or there is none.', oauthError, {
    error: 'invalid_token',
    error_description: 'Unable to find the access token in persistent storage.',
  }),
  405: methodNotAllowed,
  500: serverError,
  503: unavailable,
};

const description =
  'Axway API Gateway’s token information service. Callers need not prove who they are. `AXWAY_TOKEN_PARAMETER` and `AXWAY_TOKEN_SELECTOR` may name ' +
  'another place for the token.';

const token = text('The token.');

export const getAxwayTokenInfo: Operation = {
  tag: 'Token information',
  summary: 'Ask about a token, as Axway API Gateway is asked',
  description: `${description} A URL gets into logs, and with it the token: \`AXWAY_TOKENINFO_METHODS=POST\` refuses this with 405.`,
  parameters: [queryParameter('access_token', token)],
  security: ['accessTokenInQuery', 'anybody'],
  answers,
};

export const postAxwayTokenInfo: Operation = {
  tag: 'Token information',
  summary: 'Ask about a token by a form, as Axway API Gateway is asked',
  description,
  body: formBody(
    objectOf({}, { access_token: token }, { title: 'AxwayTokenInfoRequest', additionalProperties: true }),
    {
      example: { access_token: 'sya_…' },
    },
  ),
  answers,
};
