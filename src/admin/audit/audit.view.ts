import type { AuditEvent } from '../../domain/audit.js';
import { isoTime } from '../admin-reply.js';

/** An event of the past. What it lacks is left out. */
export function auditView({
  id,
  at,
  actor,
  action,
  realm,
  name,
  changes,
  epoch,
  tokenId,
}: AuditEvent): object {
  return {
    id,
    at: isoTime(at),
    actor: { kind: actor.kind, name: actor.name },
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
