import type { Actor, NewAuditEvent } from '../audit.js';
import type { Client } from '../client.js';
import type { Clock } from '../clock.js';
import type { RefusalReason } from '../inactive.js';
import type { TokenChecker } from '../token-checker.js';
import { OAuthError } from '../oauth-error.js';
import type { Realm } from '../realm.js';
import type { RefreshToken, RefreshTokenStore } from '../refresh-token.js';
import { parseScope, type Scope } from '../scope.js';
import type { IssuedTokens, TokenService } from '../token.service.js';
import type { Grant } from './grant.js';
import type { TokenRequest } from '../token-request.js';

/** RFC 6749 §6, with rotation and reuse detection as RFC 9700 §4.14.2 asks for. */
export class RefreshTokenGrant implements Grant {
  readonly grantType = 'refresh_token';

  /** @param leewayMs how long after its first use a token's reuse counts as a retry, in milliseconds */
  constructor(
    private readonly tokens: TokenService,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly checker: TokenChecker,
    private readonly clock: Clock,
    private readonly leewayMs: number,
  ) {}

  async issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedTokens> {
    if (request.refreshToken === undefined) {
      throw new OAuthError('invalid_request', 'The parameter refresh_token is missing.');
    }
    const presented = await this.tokens.findRefreshToken(request.refreshToken);
    if (!presented) throw invalidGrant('unknown or revoked');
    if (presented.realm !== realm.path || presented.clientId !== client.clientId) {
      throw invalidGrant("another client's");
    }
    await this.refuseReuse(presented, client, request);
    const checked = await this.checker.check(presented);
    if (checked.status !== 'active') throw invalidGrant(checked.status);
    const scope = refreshedScope(request.scope, presented.scope, client);
    const { resourceOwner } = checked;
    const issued = await this.tokens.refresh(
      presented,
      { realm, client, resourceOwner, scope, grantType: this.grantType, request },
      client.refresh.graceful ? this.clock.now() - this.leewayMs : undefined,
    );
    if (!issued) throw invalidGrant('used at the same time');
    return issued;
  }

  /**
   * Refuses a used token. If it is reused after the leeway, somebody else may hold it: its family is revoked,
   * and that is committed before the error is thrown. Within the leeway only a client that is not graceful is
   * refused.
   */
  private async refuseReuse(
    { usedAt, family, realm, clientId }: RefreshToken,
    client: Client,
    { origin }: TokenRequest,
  ): Promise<void> {
    if (usedAt === undefined) return;
    const now = this.clock.now();
    if (now - usedAt > this.leewayMs) {
      const actor: Actor = { kind: 'system', name: '', ...origin };
      const event: NewAuditEvent = {
        at: now,
        actor,
        action: 'family.reuse',
        realm,
        name: clientId,
        tokenId: family,
      };
      await this.refreshTokens.revokeFamily(family, { at: now, by: 'reuse', event });
      throw invalidGrant('reused; its family is revoked', 'refresh_reuse');
    }
    if (!client.refresh.graceful) throw invalidGrant('reused within the leeway');
  }
}

/**
 * The requested part of the original scope, or all of it that is still registered for the client. It is empty where the
 * original one was: an imported token may have no scope.
 * @throws OAuthError `invalid_scope` for a scope token outside of that, or when nothing is left
 */
function refreshedScope(requested: string | undefined, original: Scope, client: Client): Scope {
  const allowed = original.filter((token) => client.scopes.includes(token));
  const asked = parseScope(requested ?? '');
  const scope = asked.length === 0 ? allowed : asked;
  const nothingLeft = scope.length === 0 && original.length > 0;
  if (nothingLeft || !scope.every((token) => allowed.includes(token))) {
    throw new OAuthError('invalid_scope', 'The scope is not within the scope that was granted.');
  }
  return scope;
}

function invalidGrant(detail: string, reason?: RefusalReason): OAuthError {
  return new OAuthError('invalid_grant', 'The refresh token is invalid.', `refresh token ${detail}`, reason);
}
