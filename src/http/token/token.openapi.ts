import type { GrantType } from '../../domain/grant-type.js';
import { maxSecretBytes } from '../../domain/secret.js';
import type { AnswerDescription, Operation } from '../../openapi/operation.js';
import { count, objectOf, oneOf, type Schema, text } from '../../openapi/schema.js';
import { clientMembers, clientSecurity, formBody, formText } from '../request/client-form.openapi.js';
import { realmInQuery } from '../request/realm.openapi.js';
import {
  clientRefusals,
  crossOriginHeaders,
  noStoreHeaders,
  oauthAnswer,
} from '../response/oauth.openapi.js';
import { tokenFormats } from './token-request.js';

const scope = text('Scope tokens, separated by spaces; by default the client’s default scopes.', {
  pattern: '^[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]*$',
});

const something = (description: string) => formText(description, { minLength: 1 });

/** The parameters of each grant, besides the optional ones of all: those that it needs. */
const grants: Readonly<Record<GrantType, Readonly<Record<string, Schema>>>> = {
  authorization_code: { code: something('The code of the authorization endpoint.') },
  password: {
    username: something('The user’s name.'),
    password: formText('The user’s password.', {
      minLength: 1,
      maxLength: maxSecretBytes,
      format: 'password',
    }),
  },
  client_credentials: {},
  refresh_token: { refresh_token: something('The refresh token.') },
};

const optional: Readonly<Record<string, Schema>> = {
  scope,
  redirect_uri: formText('With a code: the one of the authorization request, if it had one.'),
  code_verifier: formText('With a code: the secret behind the challenge (RFC 7636 §4.5).'),
  state: formText('Is not interpreted.'),
  ...clientMembers,
};

/** The forms of the grants, with these parameters besides. */
function tokenForm(title: string, more: Readonly<Record<string, Schema>> = {}): Schema {
  const forms = Object.entries(grants).map(([grantType, required]) =>
    objectOf(
      { grant_type: text(undefined, { const: grantType }), ...required },
      { ...optional, ...more },
      { title: `${title}_${grantType}`, additionalProperties: formText() },
    ),
  );
  return { title, description: 'An access token request, by its grant type.', oneOf: forms };
}

const examples = {
  client_credentials: { grant_type: 'client_credentials', scope: 'read' },
  password: { grant_type: 'password', username: 'demo', password: 'Ch4ng31t', scope: 'write' },
  refresh_token: { grant_type: 'refresh_token', refresh_token: 'syr_…' },
  authorization_code: {
    grant_type: 'authorization_code',
    code: 'syc_…',
    redirect_uri: 'https://app.example/callback',
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  },
};

/** What `tokenReply` writes. */
const issued = objectOf(
  {
    access_token: text('Opaque; 43 characters of it are random.'),
    scope: text('What was granted: scope tokens, separated by spaces.'),
    token_type: text(undefined, { const: 'Bearer' }),
    expires_in: count('Its lifetime in seconds.'),
  },
  { refresh_token: text('Left out where the client gets none.') },
  { title: 'IssuedTokens', description: 'A successful access token response (RFC 6749 §5.1).' },
);

const issuedExample = {
  access_token: 'sya_…',
  refresh_token: 'syr_…',
  scope: 'write',
  token_type: 'Bearer',
  expires_in: 3600,
};

const description =
  'RFC 6749 §3.2. The client proves who it is by HTTP Basic or by `client_id` and `client_secret` in the form; a public ' +
  'client sends `client_id` alone. OAuth parameters must not stand in the URL, where they get into logs.';

const issuedAnswer = oauthAnswer('The tokens.', issued, issuedExample, crossOriginHeaders);

export const requestToken: Operation = {
  tag: 'Token',
  summary: 'Get an access token',
  description,
  parameters: [realmInQuery],
  body: formBody(tokenForm('TokenRequest'), examples),
  security: clientSecurity,
  answers: { 200: issuedAnswer, ...clientRefusals },
};

const axwayAnswer: AnswerDescription = {
  description: 'The tokens, in the format that was asked for.',
  headers: { ...noStoreHeaders, ...crossOriginHeaders },
  content: {
    ...issuedAnswer.content,
    'application/x-www-form-urlencoded': {
      schema: text(),
      examples: { example: new URLSearchParams({ access_token: 'sya_…', scope: 'write' }).toString() },
    },
    'application/xml': {
      schema: text(undefined, { pattern: '^<oauth>' }),
      examples: { example: '<oauth><access_token>sya_…</access_token></oauth>' },
    },
  },
};

export const requestAxwayToken: Operation = {
  tag: 'Token',
  summary: 'Get an access token, as from Axway API Gateway',
  description: `${description} The scope’s tokens may be separated by commas as well.`,
  body: formBody(
    tokenForm('AxwayTokenRequest', { format: oneOf(tokenFormats, 'Format of the answer.') }),
    examples,
  ),
  security: clientSecurity,
  answers: { ...clientRefusals, 200: axwayAnswer },
};
