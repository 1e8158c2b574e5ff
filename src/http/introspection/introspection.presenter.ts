import type { Client } from '../../domain/client.js';
import { formatScope } from '../../domain/scope.js';
import { numericDate } from '../../domain/token-time.js';
import type { ActiveToken, Inspection } from '../../domain/token.service.js';
import type { Issuer } from '../metadata/issuer.js';
import { type JsonMembers, jsonReply, type Reply } from '../response/reply.js';
import { tokenIdOf } from '../response/token-id.js';

/**
 * RFC 7662 §2.2, with ForgeRock AM's `user_id`, `realm`, `auth_level` and `expires_in`. Every inactive token, and every
 * token that the caller may not see, gets the same answer, byte for byte.
 */
export function introspectionReply(
  inspection: Inspection,
  issuer: Issuer,
  caller: Pick<Client, 'realm' | 'clientId' | 'application'>,
  presented: string,
): Reply {
  const { realm, clientId, application } = caller;
  const details = { realm, clientId, application };
  if (inspection.status === 'active') return jsonReply(200, activeMembers(inspection, issuer), { details });
  const { reason } = inspection;
  return jsonReply(200, [['active', false]], {
    details: { ...details, reason, tokenId: tokenIdOf(reason, presented) },
  });
}

function activeMembers({ token, secondsLeft }: ActiveToken, issuer: Issuer): JsonMembers {
  const username: JsonMembers = token.username === undefined ? [] : [['username', token.username]];
  // By the grammar of RFC 6749 §3.3 an empty text is no scope.
  const scope: JsonMembers = token.scope.length === 0 ? [] : [['scope', formatScope(token.scope)]];
  const subject = token.username ?? token.clientId;
  return [
    ['active', true],
    ...scope,
    ['client_id', token.clientId],
    ...username,
    // As with AM and Axway, the client is the user where it acts for itself.
    ['user_id', subject],
    ['token_type', 'Bearer'],
    ['exp', numericDate(token.expiresAt)],
    ['iat', numericDate(token.issuedAt)],
    ['sub', subject],
    ['iss', issuer.of(token.realm)],
    ['realm', token.realm],
    ['auth_level', token.authLevel],
    ['expires_in', secondsLeft],
  ];
}
