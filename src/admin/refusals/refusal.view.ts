import type { Refusal } from '../../domain/refusal.js';
import { isoTime } from '../admin-reply.js';

/** A refused request. Realm and client are left out where there was none. */
export function refusalView({ at, realm, client, tokenId, ...refusal }: Refusal): object {
  const { id, route, method, status, reason, error, detail } = refusal;
  return {
    id,
    at: isoTime(at),
    route,
    method,
    status,
    realm: realm || undefined,
    client: client || undefined,
    reason,
    error,
    detail,
    token_id: tokenId,
  };
}
