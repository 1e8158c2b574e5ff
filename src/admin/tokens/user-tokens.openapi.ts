import { jsonAnswer, type Operation, queryParameter } from '../../openapi/operation.js';
import { arrayOf, objectOf, oneOf, realmPath, text, time, tokenId, uuid } from '../../openapi/schema.js';
import { filterText, pageAnswer, pageParametersOf } from '../list.openapi.js';
import { guarded, problems } from '../problem.openapi.js';
import { bodyOf, realmNamed } from '../subjects/subject-operations.openapi.js';
import { maxTokenLength } from './explain.request.js';

const family = uuid('Of the tokens of one sign-in.');

/** What `userTokenView` writes. */
const userToken = objectOf(
  {
    id: tokenId,
    realm: realmPath,
    client_id: text(),
    scope: arrayOf(text()),
    grant_type: text(),
    issued_at: time(),
    expires_at: time(),
    state: text('`active`, or the reason why it is not.'),
  },
  {
    username: text(),
    family,
    revoked_at: time(),
    revoked_by: oneOf(['client', 'admin', 'reuse', 'family']),
  },
  { title: 'UserToken', description: 'An access token of a user; never its value.' },
);

const example = {
  id: '8Pk6KwGHY3kT3PmEKlWN8QbLn1NABZdt2mpbomClttU',
  realm: '/alpha',
  client_id: 'billing',
  username: 'ann',
  scope: ['read'],
  grant_type: 'password',
  issued_at: '2026-01-01T11:30:00.000Z',
  expires_at: '2026-01-01T12:30:00.000Z',
  state: 'active',
};

export const listUserTokens: Operation = {
  tag: 'Tokens',
  summary: 'List the access tokens of a user, the newest first',
  parameters: [
    ...pageParametersOf,
    realmNamed('realm', 'The user’s realm; the caller’s when left out.'),
    { ...queryParameter('username', { ...filterText('The user.'), minLength: 1 }, 'ann'), required: true },
  ],
  security: ['adminToken'],
  answers: { 200: pageAnswer('A page of tokens.', userToken, example), ...guarded },
};

const ended = objectOf(
  { realm: realmPath, client_id: text() },
  { id: tokenId, family, username: text() },
  { title: 'RevokedTokens', description: 'What has ended.' },
);

export const revokeTokens: Operation = {
  tag: 'Tokens',
  summary: 'End a token, or the tokens of one sign-in',
  description: 'An access token ends alone, a refresh token with its family.',
  body: bodyOf(
    ['application/json'],
    objectOf(
      {},
      { token: text('The token.', { minLength: 1, maxLength: maxTokenLength }), id: tokenId, family },
      { oneOf: [{ required: ['token'] }, { required: ['id'] }, { required: ['family'] }] },
    ),
    { id: example.id },
  ),
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('What has ended.', ended, { id: example.id, realm: '/alpha', client_id: 'billing' }),
    ...guarded,
    ...problems('too-large', 'unsupported-media-type'),
  },
};
