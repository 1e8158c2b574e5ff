import type { Operation } from '../../openapi/operation.js';
import { arrayOf, objectOf, oneOf, text } from '../../openapi/schema.js';
import { grantTypes } from '../../domain/grant-type.js';
import { responseModes } from '../../domain/authorization-request.js';
import {
  crossOriginHeaders,
  noSuchRealm,
  oauthAnswer,
  serverError,
  unavailable,
} from '../response/oauth.openapi.js';

const url = text(undefined, { format: 'uri' });
const methods = arrayOf(oneOf(['client_secret_basic', 'client_secret_post', 'none', 'Bearer']));

/** What `ServerMetadata.of` lists. */
const metadata = objectOf(
  {
    issuer: url,
    authorization_endpoint: url,
    token_endpoint: url,
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint: url,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint: url,
    introspection_endpoint_auth_methods_supported: methods,
    grant_types_supported: arrayOf(oneOf(grantTypes)),
    response_types_supported: arrayOf(oneOf(['code'])),
    response_modes_supported: arrayOf(oneOf(responseModes)),
    code_challenge_methods_supported: arrayOf(oneOf(['S256'])),
    authorization_response_iss_parameter_supported: { type: 'boolean', const: true },
  },
  {},
  { title: 'ServerMetadata', description: 'Authorization server metadata (RFC 8414 §2).' },
);

const issuer = 'https://id.example';

const example = {
  issuer,
  authorization_endpoint: `${issuer}/oauth2/authorize`,
  token_endpoint: `${issuer}/oauth2/access_token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  introspection_endpoint: `${issuer}/oauth2/introspect`,
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'Bearer'],
  grant_types_supported: grantTypes,
  response_types_supported: ['code'],
  response_modes_supported: responseModes,
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
};

export const showMetadata: Operation = {
  tag: 'Metadata',
  summary: 'Show what the server can do',
  description:
    'RFC 8414. The path of the issuer of another realm than the root follows this one, or goes before it: ' +
    '`/.well-known/oauth-authorization-server/oauth2/realms/root/realms/alpha`.',
  answers: {
    200: oauthAnswer('The metadata.', metadata, example, crossOriginHeaders),
    404: noSuchRealm,
    500: serverError,
    503: unavailable,
  },
};
