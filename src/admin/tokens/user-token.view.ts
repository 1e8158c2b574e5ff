import type { RevokedTokens } from '../../domain/token-revoker.js';
import type { UserToken } from '../../domain/user-tokens.js';
import { isoTime } from '../iso-time.js';

/** An access token as the wire has it: never its value. */
export function userTokenView({ hash, token, revocation, state }: UserToken): object {
  return {
    id: hash.toString('base64url'),
    realm: token.realm,
    client_id: token.clientId,
    username: token.username,
    scope: token.scope,
    grant_type: token.grantType,
    issued_at: isoTime(token.issuedAt),
    expires_at: isoTime(token.expiresAt),
    family: token.family,
    state,
    revoked_at: isoTime(revocation?.at),
    revoked_by: revocation?.by,
  };
}

/** What a revocation has ended, as the wire has it. */
export function revokedView({ id, family, realm, clientId, username }: RevokedTokens): object {
  return { id, family, realm, client_id: clientId, username };
}
