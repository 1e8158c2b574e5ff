import type { Actor } from '../audit.js';
import type { AuthorizationCode } from '../authorization-code.js';
import type { Client } from '../client.js';
import type { Clock } from '../clock.js';
import type { RefusalReason } from '../inactive.js';
import { OAuthError } from '../oauth-error.js';
import { isVerifierOf } from '../pkce.js';
import type { Realm } from '../realm.js';
import { isRegisteredRedirectUri } from '../redirect-uri.js';
import type { TokenChecker } from '../token-checker.js';
import type { Revocation } from '../token-record.js';
import type { TokenRequest } from '../token-request.js';
import type { IssuedTokens, TokenService } from '../token.service.js';
import type { Grant } from './grant.js';

/** A code that is presented again this soon after its use is a duplicate of the same request, in milliseconds. */
const duplicateMs = 1000;

/** RFC 6749 §4.1.3, with PKCE (RFC 7636 §4.6) and the replay detection of RFC 6749 §4.1.2 and §10.5. */
export class AuthorizationCodeGrant implements Grant {
  readonly grantType = 'authorization_code';

  constructor(
    private readonly tokens: TokenService,
    private readonly checker: TokenChecker,
    private readonly clock: Clock,
  ) {}

  /** A code stays good when another client, a wrong redirect URI or a wrong verifier comes with it. */
  async issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedTokens> {
    if (request.code === undefined) {
      throw new OAuthError('invalid_request', 'The parameter code is missing.');
    }
    const code = await this.tokens.findCode(request.code);
    if (!code) throw invalidGrant('unknown');
    if (code.realm !== realm.path || code.clientId !== client.clientId)
      throw invalidGrant("another client's");
    if (!isSentBack(code, client, request.redirectUri)) throw invalidGrant('with another redirect_uri');
    if (!isProven(code, request.codeVerifier)) throw invalidGrant('with a wrong code_verifier');
    const replay = this.replayOf(code, request);
    await this.refuseUsed(code, replay);
    const checked = await this.checker.check(code);
    if (checked.status !== 'active') throw invalidGrant(checked.status);
    const { resourceOwner } = checked;
    const { scope } = code;
    const issued = await this.tokens.redeem(
      { realm, client, resourceOwner, scope, grantType: this.grantType, request, code },
      replay,
    );
    if (!issued) throw invalidGrant('used at the same time');
    return issued;
  }

  /**
   * Refuses a used code. Only a request that is valid otherwise gets here (OAuth 2.1 §7.5.2): somebody else has what its
   * client has, so all tokens of the code are revoked, and that is committed before the error is thrown.
   */
  private async refuseUsed(code: AuthorizationCode, replay: Revocation): Promise<void> {
    if (code.usedAt === undefined) return;
    if (replay.at - code.usedAt < duplicateMs) throw invalidGrant('presented twice');
    await this.tokens.endReplayed(code, replay);
    throw invalidGrant('replayed; its tokens are revoked', 'code_reuse');
  }

  private replayOf({ realm, clientId, family }: AuthorizationCode, { origin }: TokenRequest): Revocation {
    const at = this.clock.now();
    const actor: Actor = { kind: 'system', name: '', ...origin };
    const event = { at, actor, action: 'family.reuse', realm, name: clientId, tokenId: family } as const;
    return { at, by: 'reuse', event };
  }
}

/**
 * Whether the request names the redirect URI that the code was sent to (RFC 6749 §4.1.3). It may leave it out where the
 * authorization request did, or sent a challenge, which binds the code better (OAuth 2.1 §10.2).
 */
function isSentBack(code: AuthorizationCode, client: Client, presented: string | undefined): boolean {
  const { redirectUri, codeChallenge } = code;
  if (presented === undefined) return redirectUri === undefined || codeChallenge !== undefined;
  if (redirectUri === undefined) return isRegisteredRedirectUri(client.redirectUris, presented);
  return presented === redirectUri;
}

/** Whether the verifier belongs to the code; one for a code without challenge does not (RFC 9700 §4.8.2). */
function isProven({ codeChallenge }: AuthorizationCode, verifier: string | undefined): boolean {
  if (codeChallenge === undefined || verifier === undefined) return codeChallenge === verifier;
  return isVerifierOf(codeChallenge, verifier);
}

function invalidGrant(detail: string, reason?: RefusalReason): OAuthError {
  const description = 'The authorization code is invalid.';
  return new OAuthError('invalid_grant', description, `authorization code ${detail}`, reason);
}
