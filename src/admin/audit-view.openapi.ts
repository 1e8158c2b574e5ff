import { actorKinds, auditActions } from '../domain/audit.js';
import { count, mapOf, objectOf, oneOf, realmPath, text, time, uuid } from '../openapi/schema.js';

/** What `auditEventMembers` writes. */
export const auditEvent = objectOf(
  {
    id: uuid(),
    at: time(),
    actor_kind: oneOf(actorKinds, 'An admin token, the command line, a file, the server itself, or a user.'),
    actor: text(
      'Name of the client, the operating system’s user, the file or the user; empty for the server.',
    ),
    action: oneOf(auditActions),
    changes: mapOf(
      true,
      'What was changed, by the names of `symbolon.yaml`: `{"old": …, "new": …}`, or `{"new": …}` of what is new.',
    ),
  },
  {
    realm: realmPath,
    name: text('The client’s identifier, or the user’s name.'),
    epoch: count('The subject’s epoch after the change.'),
    token_id: text('SHA-256 of a token in base64url, or the UUID of a family.'),
    correlation_id: uuid('Of the request that made the change.'),
    address: text('Network address that the request came from.'),
  },
  { title: 'AuditEvent', description: 'A change of the past.' },
);

export const auditEventExample = {
  id: '5f0c7a5e-3c1b-4f4e-8f39-6f6d4b1c2a10',
  at: '2026-01-01T12:00:00.000Z',
  actor_kind: 'cli',
  actor: 'anna',
  action: 'client.disabled',
  realm: '/alpha',
  name: 'billing',
  changes: {},
  epoch: 12,
};
