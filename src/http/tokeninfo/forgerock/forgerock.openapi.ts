import { type Operation, queryParameter } from '../../../openapi/operation.js';
import { arrayOf, count, objectOf, realmPath, text } from '../../../openapi/schema.js';
import { realmInQuery } from '../../request/realm.openapi.js';
import {
  challenge,
  noSuchRealm,
  oauthAnswer,
  oauthError,
  serverError,
  unavailable,
} from '../../response/oauth.openapi.js';

/** What `forgeRockTokenInfo` writes about an active token. */
const tokenInfo = objectOf(
  {
    access_token: text('The token that was presented.'),
    grant_type: text('How the token was got.'),
    auth_level: count('Authentication level.'),
    scope: arrayOf(text()),
    realm: realmPath,
    token_type: text(undefined, { const: 'Bearer' }),
    expires_in: count('Seconds that are left.', { minimum: 1 }),
    client_id: text(),
  },
  {},
  {
    title: 'ForgeRockTokenInfo',
    description:
      'An active token, and a member for each scope: the attribute of the user, or else of the client.',
    additionalProperties: text(),
  },
);

const inactive = {
  error_description:
    'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
  error: 'invalid_token',
};

export const getForgeRockTokenInfo: Operation = {
  tag: 'Token information',
  summary: 'Ask about a token, as ForgeRock AM is asked',
  description:
    'ForgeRock AM’s legacy tokeninfo. Callers need not prove who they are. A request that names no realm is answered for ' +
    'the tokens of every realm, one that names a realm for the tokens of that realm (`TOKENINFO_REALMS`).',
  parameters: [queryParameter('access_token', text('The token, if it is not in the header.')), realmInQuery],
  security: ['accessToken', 'accessTokenInQuery', 'anybody'],
  answers: {
    200: oauthAnswer('The token is active.', tokenInfo, {
      access_token: 'sya_…',
      grant_type: 'password',
      auth_level: 0,
      scope: ['write'],
      realm: '/alpha',
      token_type: 'Bearer',
      expires_in: 3599,
      write: '',
      client_id: 'myClient',
    }),
    400: oauthAnswer(
      'The request cannot be read. With `TOKENINFO_ERRORS=openam12` also: the token is not active.',
      oauthError,
      {
        error_description: 'Access Token cannot be provided in both query and header',
        error: 'invalid_request',
      },
    ),
    401: oauthAnswer('The token is not active, or there is none.', oauthError, inactive, {
      'WWW-Authenticate': challenge,
    }),
    404: noSuchRealm,
    500: serverError,
    503: unavailable,
  },
};
