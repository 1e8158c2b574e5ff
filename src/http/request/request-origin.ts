import type { IncomingMessage } from 'node:http';
import type { RequestOrigin } from '../../domain/token-request.js';

/** Where a request came from, for the audit log. */
export function originOf(
  { socket }: Pick<IncomingMessage, 'socket'>,
  { correlationId }: { readonly correlationId?: string },
): RequestOrigin {
  return { correlationId, address: socket.remoteAddress };
}
