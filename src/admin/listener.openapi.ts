import { headerOf } from '../openapi/operation.js';
import type { ListenerDescription } from '../openapi/listener.js';
import { text, uuid } from '../openapi/schema.js';
import { securityHeaders } from './listener-rules.js';
import { problems } from './problem.openapi.js';

const description = `Answers operators: Prometheus, and whoever asks what the server does and why.

Every route below \`/admin/v1\` asks for an **admin token** as a Bearer token: one of a client that is registered to
administer, with the scope \`admin:read\` to look and \`admin\` to change. \`symbolon admin-token\` issues the first one.
A token sees its client's realm and the realms below it; what lies outside is answered with 404.

HEAD is answered wherever GET is. Times are ISO 8601 in UTC, durations milliseconds. A member without a value is left
out. Parameters and members that a route does not know are refused, and so are repeated ones. Every refusal is a problem
document (RFC 9457).`;

/** The document of the operator's listener, but for its operations. */
export const adminListener: ListenerDescription = {
  title: 'Symbolon: the operator’s listener',
  description,
  tags: {
    Monitoring: 'What the server does, and how fast.',
    Refusals: 'Requests that were refused, and why.',
    Realms: 'Name spaces of clients and users.',
    Clients: 'Registered clients, and their secrets.',
    Users: 'Resource owners.',
    Search: 'Where something is.',
    Tokens: 'What the server thinks of a token, and its end.',
    Audit: 'Who changed what, and when.',
    Nodes: 'The processes that share the database.',
    Doctor: 'What is wrong, and what to do.',
    Keys: 'The keys that tag tokens.',
    Settings: 'What the server was started with.',
    Login: 'How the dashboard gets its token, and whose a token is.',
    Dashboard: 'A program for browsers.',
    Health: 'Probes.',
    Documentation: 'These documents, and a page that shows them.',
  },
  securitySchemes: {
    adminToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'An access token of a client that is registered to administer (RFC 6750 §2.1).',
    },
  },
  headers: {
    'X-Correlation-Id': headerOf(uuid('Names the request in the log and in audit events.')),
    ...Object.fromEntries(
      Object.entries(securityHeaders).map(([name, value]) => [
        name,
        headerOf(text(undefined, { const: value })),
      ]),
    ),
  },
  everywhere: problems(
    'bad-request',
    'foreign-origin',
    'timeout',
    'too-large',
    'uri-too-long',
    'headers-too-large',
    'fault',
    'not-implemented',
    'version-not-supported',
  ),
  elsewhere: problems('not-found', 'method-not-allowed'),
};
