import type { Operation } from '../../openapi/operation.js';
import { objectOf } from '../../openapi/schema.js';
import { clientMembers, clientSecurity, formBody, formText } from '../request/client-form.openapi.js';
import { realmInQuery } from '../request/realm.openapi.js';
import { clientRefusals, crossOriginHeaders, oauthAnswer } from '../response/oauth.openapi.js';

const form = objectOf(
  { token: formText('An access token or a refresh token of the client.', { minLength: 1 }) },
  { token_type_hint: formText('Is not used.'), ...clientMembers },
  { title: 'RevocationRequest', additionalProperties: formText() },
);

export const revokeToken: Operation = {
  tag: 'Token',
  summary: 'Revoke a token',
  description:
    'RFC 7009. A refresh token is revoked with its family and the access tokens of that. A token that there is not is ' +
    'answered in the same way.',
  parameters: [realmInQuery],
  body: formBody(form, { example: { token: 'sya_…' } }),
  security: clientSecurity,
  answers: {
    200: oauthAnswer('No such token is active.', objectOf({}), {}, crossOriginHeaders),
    ...clientRefusals,
  },
};
