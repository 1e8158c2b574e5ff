import type { ListenerDescription } from '../openapi/listener.js';
import { headerOf } from '../openapi/operation.js';
import { uuid } from '../openapi/schema.js';
import { elsewhere, inputRefusals, serverError } from './response/oauth.openapi.js';

const description = `An OAuth 2.0 authorization server: it issues access tokens, and tells what a token is worth in three ways.

Endpoints below \`/oauth2\` are there for each **realm**. A request names its realm by the path
(\`/oauth2/realms/root/realms/alpha/access_token\`; \`/realms/{name}\` is repeated for realms below; the short form
\`/oauth2/alpha/access_token\` does as well) or by the query (\`?realm=/alpha\`). One that names none is about the root
realm. All of them are also there behind the prefix \`BASE_PREFIX\`, by default \`/am\`. Axway’s endpoints, below \`/api/oauth\`, are
about the root realm.

HEAD is answered wherever GET is, but for pages. Forms are \`application/x-www-form-urlencoded\` in UTF-8, at most 56 KiB.`;

/** The document of the public listener, but for its operations. */
export const publicListener: ListenerDescription = {
  title: 'Symbolon: the public listener',
  description,
  tags: {
    Token: 'How clients get access tokens, and end them.',
    'Token information': 'What a token is worth, for resource servers.',
    'Sign-in': 'What users see.',
    Metadata: 'What the server can do, for clients.',
    Health: 'Probes.',
  },
  securitySchemes: {
    clientBasic: {
      type: 'http',
      scheme: 'basic',
      description: 'The client’s identifier and secret, each form-encoded (RFC 6749 §2.3.1).',
    },
    accessToken: { type: 'http', scheme: 'bearer', description: 'An access token (RFC 6750 §2.1).' },
    accessTokenInQuery: {
      type: 'apiKey',
      in: 'query',
      name: 'access_token',
      description: 'An access token in the URL (RFC 6750 §2.3), which gets into logs.',
    },
  },
  headers: { 'X-Correlation-Id': headerOf(uuid('Names the request in the log.')) },
  everywhere: { ...inputRefusals, 500: serverError },
  elsewhere,
};
