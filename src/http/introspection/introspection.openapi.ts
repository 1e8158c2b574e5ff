import type { Operation } from '../../openapi/operation.js';
import { count, objectOf, realmPath, text } from '../../openapi/schema.js';
import { clientMembers, clientSecurity, formBody, formText } from '../request/client-form.openapi.js';
import { realmInQuery } from '../request/realm.openapi.js';
import { bearerRefusals, oauthAnswer } from '../response/oauth.openapi.js';

/** What `introspectionReply` writes. */
const introspection = {
  title: 'Introspection',
  description: 'A token introspection response (RFC 7662 §2.2).',
  oneOf: [
    objectOf({ active: { type: 'boolean', const: false } }, {}, { title: 'InactiveToken' }),
    objectOf(
      {
        active: { type: 'boolean', const: true },
        client_id: text(),
        user_id: text('The user; the client where it acts for itself.'),
        token_type: text(undefined, { const: 'Bearer' }),
        exp: count('When it expires, in seconds since 1970.'),
        iat: count('When it was issued, in seconds since 1970.'),
        sub: text('The same as `user_id`.'),
        iss: text('Identifier of the issuer.', { format: 'uri' }),
        realm: realmPath,
        auth_level: count('Authentication level, as in ForgeRock AM.'),
        expires_in: count('Seconds that are left.', { minimum: 1 }),
      },
      { scope: text('Scope tokens, separated by spaces.'), username: text() },
      { title: 'ActiveToken' },
    ),
  ],
} as const;

const example = {
  active: true,
  scope: 'write',
  client_id: 'myClient',
  username: 'demo',
  user_id: 'demo',
  token_type: 'Bearer',
  exp: 1_767_272_400,
  iat: 1_767_268_800,
  sub: 'demo',
  iss: 'https://id.example/oauth2/realms/root/realms/alpha',
  realm: '/alpha',
  auth_level: 0,
  expires_in: 3599,
};

const form = objectOf(
  { token: formText('The token.', { minLength: 1 }) },
  { token_type_hint: formText('Is not used.'), ...clientMembers },
  { title: 'IntrospectionRequest', additionalProperties: formText() },
);

export const introspectToken: Operation = {
  tag: 'Token information',
  summary: 'Introspect a token',
  description:
    'RFC 7662. The caller is a confidential client, or has an access token with the scope `introspect`. A client that ' +
    'may not see the token is told that it is inactive.',
  parameters: [realmInQuery],
  body: formBody(form, { example: { token: 'sya_…' } }),
  security: [...clientSecurity, 'accessToken'],
  answers: { 200: oauthAnswer('What the token is worth.', introspection, example), ...bearerRefusals },
};
