import type { Client } from '../../domain/client.js';
import { formatScope } from '../../domain/scope.js';
import { numericDate } from '../../domain/token-time.js';
import type { ActiveToken, Inspection } from '../../domain/token.service.js';
import type { Issuer } from '../metadata/issuer.js';
import { JsonObject, jsonReply, type Reply } from '../response/reply.js';
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
  if (inspection.status === 'active') return jsonReply(200, activeBody(inspection, issuer), { details });
  const { reason } = inspection;
  return jsonReply(200, [['active', false]], {
    details: { ...details, reason, tokenId: tokenIdOf(reason, presented) },
  });
}

function activeBody({ token, secondsLeft }: ActiveToken, issuer: Issuer): JsonObject {
  const { realm, clientId, username, scope } = token;
  const subject = username ?? clientId;
  const body = new JsonObject().add('active', true);
  // By the grammar of RFC 6749 §3.3 an empty text is no scope.
  if (scope.length > 0) body.add('scope', formatScope(scope));
  body.add('client_id', clientId);
  if (username !== undefined) body.add('username', username);
  return (
    body
      // As with AM and Axway, the client is the user where it acts for itself.
      .add('user_id', subject)
      .add('token_type', 'Bearer')
      .add('exp', numericDate(token.expiresAt))
      .add('iat', numericDate(token.issuedAt))
      .add('sub', subject)
      .add('iss', issuer.of(realm))
      .add('realm', realm)
      .add('auth_level', token.authLevel)
      .add('expires_in', secondsLeft)
  );
}
