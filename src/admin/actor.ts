import type { Actor } from '../domain/audit.js';
import type { CallerAddresses } from '../http/request/caller-address.js';
import type { ObservedResponse } from '../http/response/reply.js';
import { type AdminRequest, callerOf } from './admin.guard.js';

/** Who makes the change of a request, for its audit events: the client of the admin token. */
export function actorOf(
  request: AdminRequest,
  { correlationId }: ObservedResponse,
  addresses: CallerAddresses,
): Actor {
  const { clientId } = callerOf(request);
  return { kind: 'token', name: clientId, correlationId, address: addresses.of(request) };
}
