import { maxOverlap } from '../../domain/client-secrets.js';
import {
  type AnswerDescription,
  headerOf,
  jsonAnswer,
  type Operation,
  pathParameter,
} from '../../openapi/operation.js';
import { arrayOf, count, objectOf, oneOf, text, time } from '../../openapi/schema.js';
import { guarded, problems } from '../problem.openapi.js';
import { bodyOf, ifMatch, named } from '../subjects/subject-operations.openapi.js';

/** What `secretMembers` writes. */
const secret = objectOf(
  { id: oneOf(['current', 'previous']), state: oneOf(['active', 'ending', 'ended']) },
  {
    created_at: time('Left out where it was before this was recorded.'),
    last_used_at: time('To the minute; left out where it was not used since this is recorded.'),
    until: time('When the previous one ends.'),
  },
  { title: 'ClientSecret', description: 'A secret of a client; nothing of the secret itself.' },
);

const current = { id: 'current', state: 'active', created_at: '2026-01-01T12:00:00.000Z' };
const previous = { id: 'previous', state: 'ending', until: '2026-01-02T12:00:00.000Z' };
const list = { items: arrayOf(secret) };
const etag = { ETag: headerOf(text('The version of the list, which the use of a secret leaves.')) };

function listAnswer(description: string): AnswerDescription {
  return { ...jsonAnswer(description, objectOf(list), { items: [current, previous] }), headers: etag };
}

const changeProblems = {
  ...guarded,
  ...problems(
    'insufficient-scope',
    'not-allowed',
    'foreign-origin',
    'conflict',
    'stale',
    'precondition-required',
  ),
};

export const listSecrets: Operation = {
  tag: 'Clients',
  summary: 'List the secrets of a client',
  parameters: named('client'),
  security: ['adminToken'],
  answers: { 200: listAnswer('Two at most.'), ...guarded },
};

export const rotateSecret: Operation = {
  tag: 'Clients',
  summary: 'Give a client a new secret',
  description: 'The old one is accepted beside it for the overlap. No token ends.',
  parameters: [...named('client'), ifMatch(true)],
  body: bodyOf(
    ['application/json'],
    objectOf({}, { overlap: count('Seconds; a day when left out.', { maximum: maxOverlap }) }),
    { overlap: 3600 },
  ),
  security: ['adminToken'],
  answers: {
    201: {
      ...jsonAnswer(
        'The new secret, which this answer alone shows.',
        objectOf({ client_secret: text(undefined, { format: 'password' }), ...list }),
        { client_secret: 'iN2mbo0VfC1u2gE9dYtLr8xKpZ4aJiNoTqWyUhM3hQw', items: [current, previous] },
      ),
      headers: etag,
    },
    ...changeProblems,
    ...problems('too-large', 'unsupported-media-type'),
  },
};

export const endSecret: Operation = {
  tag: 'Clients',
  summary: 'End the previous secret of a client at once',
  parameters: [...named('client'), pathParameter('secret', text('`previous`.'), 'previous'), ifMatch(true)],
  security: ['adminToken'],
  answers: { 200: listAnswer('What is left.'), ...changeProblems },
};
