import type { AuditEvent } from '../domain/audit.js';
import { isoTime } from './iso-time.js';

/** An event as the wire has it: snake_case, its time in ISO 8601. What is undefined is left out of JSON. */
export function auditEventMembers(event: AuditEvent): Readonly<Record<string, unknown>> {
  const { id, at, actor, action, realm, name, changes, epoch, tokenId } = event;
  return {
    id,
    at: isoTime(at),
    actor_kind: actor.kind,
    actor: actor.name,
    action,
    realm,
    name,
    changes,
    epoch,
    token_id: tokenId,
    correlation_id: actor.correlationId,
    address: actor.address,
  };
}
