import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { objectOf, realmPath, type Schema, text, tokenId } from '../../openapi/schema.js';
import { explanation } from '../explanation-view.openapi.js';
import { maxNameLength } from '../json-body.js';
import { guarded, problems } from '../problem.openapi.js';
import { maxTokenLength } from './explain.request.js';

/** A text that a body may hold: no NUL, and no half of a character. */
const storable = '^[^\\u0000\\ud800-\\udfff]*$';

function realm(description: string): Schema {
  return text(description, { maxLength: maxNameLength, pattern: realmPath.pattern });
}

/** What `explainQuestion` reads. */
const question = objectOf(
  {},
  {
    token: text('The token.', { minLength: 1, maxLength: maxTokenLength, pattern: storable }),
    id: tokenId,
    realm: realm('The realm that the resource server’s request names.'),
    client_id: text('The client that introspects.', { maxLength: maxNameLength, pattern: storable }),
    client_realm: realm('Its realm; the caller’s own when it is left out.'),
  },
  {
    title: 'Question',
    description: 'A token by its value or by its identifier, and the request that it is presented with.',
    oneOf: [{ required: ['token'] }, { required: ['id'] }],
    dependentRequired: { client_realm: ['client_id'] },
  },
);

const answerExample = (status: number, body: object) => ({ status, headers: {}, body });

const example = {
  verdict: 'inactive',
  reason: 'expired',
  since: '2026-01-01T12:30:00.000Z',
  sentences: ['The token expired at 2026-01-01T12:30:00Z.'],
  hint: 'Get a new token.',
  id: '8Pk6KwGHY3kT3PmEKlWN8QbLn1NABZdt2mpbomClttU',
  token: {
    start: 'sya_BcYG',
    kind: 'access',
    realm: '/alpha',
    client_id: 'billing',
    scope: ['read'],
    grant_type: 'client_credentials',
    issued_at: '2026-01-01T11:30:00.000Z',
    expires_at: '2026-01-01T12:30:00.000Z',
    epochs: { realm: { then: 4, now: 4 }, client: { then: 9, now: 9 } },
  },
  node_agrees: true,
  answers: {
    axway: answerExample(400, { error: 'invalid_token', error_description: 'The access token expired.' }),
    forgerock: answerExample(401, { error_description: 'The access token …', error: 'invalid_token' }),
    rfc7662: answerExample(200, { active: false }),
  },
};

export const explainToken: Operation = {
  tag: 'Tokens',
  summary: 'Explain a token',
  description:
    'Says whether a token is active, why not, since when and by whom, and what each flavour answers now. It reads the ' +
    'database and not a cache. It is a POST, because a token may not stand in a URL, which proxies log. A token ' +
    'outside the caller’s realms is `not_found`.',
  body: {
    required: true,
    content: {
      'application/json': {
        schema: question,
        examples: {
          value: { token: 'sya_BcYG6tq3f0sZ' },
          identifier: { id: example.id, realm: '/alpha' },
          introspection: { id: example.id, client_id: 'crm', client_realm: '/beta' },
        },
      },
    },
  },
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The explanation.', explanation, example),
    ...guarded,
    ...problems('too-large', 'unsupported-media-type'),
  },
};
