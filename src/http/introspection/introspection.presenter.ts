import type { Client } from '../../domain/client.js';
import { formatScope } from '../../domain/scope.js';
import type { ActiveToken } from '../../domain/token.service.js';
import type { Issuer } from '../metadata/issuer.js';
import { type JsonMembers, jsonReply, type Reply } from '../response/reply.js';

/**
 * RFC 7662 §2.2, with ForgeRock AM's `realm`, `auth_level` and `expires_in`. Whatever keeps a token from being
 * shown, the answer is the same to the byte.
 * @param live undefined for a token that is not live, or that the caller may not see
 */
export function introspectionReply(live: ActiveToken | undefined, issuer: Issuer, caller: Client): Reply {
  const trace = { realm: caller.realm, clientId: caller.clientId };
  return jsonReply(200, live ? liveMembers(live, issuer) : [['active', false]], { details: trace });
}

function liveMembers({ token, secondsLeft }: ActiveToken, issuer: Issuer): JsonMembers {
  const username: JsonMembers = token.username === undefined ? [] : [['username', token.username]];
  return [
    ['active', true],
    ['scope', formatScope(token.scope)],
    ['client_id', token.clientId],
    ...username,
    ['token_type', 'Bearer'],
    ['exp', Math.floor(token.expiresAt / 1000)],
    ['iat', Math.floor(token.issuedAt / 1000)],
    ['sub', token.username ?? token.clientId],
    ['iss', issuer.of(token.realm)],
    ['realm', token.realm],
    ['auth_level', token.authLevel],
    ['expires_in', secondsLeft],
  ];
}
