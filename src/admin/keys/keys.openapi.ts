import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { arrayOf, objectOf, oneOf, text, time } from '../../openapi/schema.js';
import { guarded, problems } from '../problem.openapi.js';

/** What `keyMembers` writes. */
const key = objectOf(
  {
    id: text('Says nothing of the secret.', { pattern: '^[A-Za-z0-9_-]{16}$' }),
    state: oneOf(
      ['waiting', 'signing', 'verifying'],
      'Whether it does not sign yet, signs, or has a successor that signs.',
    ),
  },
  {
    published_at: time('To the minute; left out for the first key of a database.'),
    signs_from: time('Left out for the first key of a database.'),
    kept_until: time('The first rotation after that deletes it; left out while it has no successor.'),
  },
  { title: 'TokenKey', description: 'A key that tags tokens.' },
);

const example = {
  id: 'YW5xtdONwPX5SL-H',
  state: 'waiting',
  published_at: '2026-01-01T12:00:00.000Z',
  signs_from: '2026-01-01T12:01:00.000Z',
};

const previous = { id: 'hbJWWvlDgluxbpiZ', state: 'signing', kept_until: '2026-02-01T12:01:00.000Z' };

export const listTokenKeys: Operation = {
  tag: 'Keys',
  summary: 'List the keys that tag tokens',
  description:
    'Newest first, without their secrets. They belong to no realm: tokens of the root realm alone see them.',
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The keys, at most 64.', objectOf({ items: arrayOf(key) }), {
      items: [example, previous],
    }),
    ...guarded,
  },
};

export const rotateTokenKeys: Operation = {
  tag: 'Keys',
  summary: 'Publish a new key that tags tokens',
  description:
    'It signs a minute later; every node has read it by then. No token ends. For tokens of the root realm alone.',
  security: ['adminToken'],
  answers: { 200: jsonAnswer('The new key.', key, example), ...guarded, ...problems('conflict') },
};
