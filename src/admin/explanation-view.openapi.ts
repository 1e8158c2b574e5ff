import { actorKinds, auditActions } from '../domain/audit.js';
import { refusalReasons } from '../domain/inactive.js';
import { revokers } from '../domain/token-record.js';
import type { Dialect } from '../domain/explanation.js';
import {
  arrayOf,
  count,
  flag,
  mapOf,
  objectOf,
  oneOf,
  realmPath,
  text,
  time,
  tokenId,
  uuid,
} from '../openapi/schema.js';

const reason = oneOf(refusalReasons, 'Why, as docs/explain.md lists it.');
const sentences = arrayOf(text(), 'What happened, in plain English.');
const hint = text('What to do.');
const status = count('Status of the answer.', { minimum: 200, maximum: 599 });

const epoch = objectOf(
  { then: count('When the token was issued.') },
  { now: count('Left out if it is gone.') },
);

const explainedToken = objectOf(
  {
    kind: oneOf(['access', 'refresh']),
    realm: realmPath,
    client_id: text(),
    scope: arrayOf(text()),
    issued_at: time(),
    expires_at: time(),
    epochs: objectOf({ realm: epoch, client: epoch }, { user: epoch }),
  },
  {
    start: text('The value’s first 8 characters, if it is of this server’s form.'),
    username: text('Left out where the client acts for itself.'),
    grant_type: text('Left out for a refresh token.'),
    used_at: time('When a refresh token was first used.'),
    family: uuid('The family of refresh tokens that it belongs to.'),
  },
);

const answer = objectOf(
  { status, headers: mapOf(text()), body: mapOf(true, 'The JSON, without the value of the token.') },
  { reason },
);

const dialects: readonly Dialect[] = ['axway', 'forgerock', 'rfc7662'];

/** What `explanationMembers` writes. */
export const explanation = objectOf(
  {
    verdict: oneOf(['active', 'inactive'], 'What the resource server is told.'),
    sentences,
    answers: objectOf(Object.fromEntries(dialects.map((dialect) => [dialect, answer]))),
  },
  {
    reason,
    since: time('When the token became inactive.'),
    by: objectOf(
      { kind: oneOf([...new Set([...revokers, ...actorKinds])]) },
      { name: text(), action: oneOf(auditActions) },
      { description: 'Who made it inactive.' },
    ),
    hint,
    id: tokenId,
    token: explainedToken,
    node_agrees: flag('Whether this node’s cache says the same as the database.'),
  },
  { title: 'Explanation', description: 'What the server thinks of a token, and why.' },
);

const refusalRequired = {
  id: uuid('The `X-Correlation-Id` of the answer.'),
  at: time(),
  route: text('Template of the route.'),
  method: text('HTTP’s method.'),
  status,
};

const refusalOptional = {
  realm: realmPath,
  client: text('The client that was authenticated.'),
  reason,
  error: text('The error code that was answered.'),
  detail: text('More, in fixed words.'),
  token_id: tokenId,
};

/** What `refusalMembers` writes. */
export const refusal = objectOf(refusalRequired, refusalOptional, {
  title: 'Refusal',
  description: 'A request that was refused, or whose answer was that a token is inactive.',
});

/** What `refusalExplanationMembers` writes. */
export const refusalExplanation = objectOf(
  { ...refusalRequired, sentences },
  { ...refusalOptional, hint, token: explanation },
  { title: 'ExplainedRefusal', description: 'A refusal, and what the server thinks now of its token.' },
);

export const refusalExample = {
  id: '0b9c8a2e-7f0e-4c6e-9a3e-2f8d1c5b7a60',
  at: '2026-01-01T11:59:58.123Z',
  route: '/oauth2/tokeninfo',
  method: 'GET',
  status: 401,
  realm: '/alpha',
  reason: 'expired',
  error: 'invalid_token',
  detail: 'expired',
  token_id: '8Pk6KwGHY3kT3PmEKlWN8QbLn1NABZdt2mpbomClttU',
};
