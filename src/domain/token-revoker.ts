import { type AccessToken, type AccessTokenStore, hashToken } from './access-token.js';
import type { Actor, AuditAction, NewAuditEvent } from './audit.js';
import type { Clock } from './clock.js';
import { isWithin } from './page.js';
import type { RefreshTokenStore } from './refresh-token.js';
import type { FamilyOwner, Revocation, TokenRecords } from './token-record.js';

/** What an administrator wants to end. */
export type RevocationTarget =
  | { readonly token: string }
  /** SHA-256 of a token: 32 bytes. */
  | { readonly hash: Buffer }
  /** UUID of a family of refresh tokens. */
  | { readonly family: string };

/** What has ended, now or before: one access token, or a family with all tokens of it. */
export interface RevokedTokens extends FamilyOwner {
  /** SHA-256 of the access token in base64url; undefined for a family. */
  readonly id?: string;
  /** UUID of the family; of an access token, that which it belongs to, and which lives on. */
  readonly family?: string;
}

/** Who revokes tokens, and which ones they may revoke. */
export interface Revoker {
  readonly actor: Actor;
  /** Path of the realm whose tokens they may revoke, with those below it. */
  readonly within: string;
}

/** Revokes tokens for administrators. It finds them as they are stored, in every form that they may have. */
export class TokenRevoker {
  constructor(
    private readonly records: TokenRecords,
    private readonly accessTokens: AccessTokenStore,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Revokes an access token alone, a refresh token with its whole family, or a family. The revocation is durable when the
   * promise resolves, and has an audit event; a repeated one has none.
   * @returns undefined, with nothing revoked, where there are no such tokens in the revoker's realms
   * @throws StoreUnavailable
   */
  async revoke(target: RevocationTarget, by: Revoker): Promise<RevokedTokens | undefined> {
    if ('family' in target) {
      return this.revokeFamily(target.family, await this.records.findFamilyOwner(target.family), by);
    }
    const hash = 'hash' in target ? target.hash : hashToken(target.token);
    const access = await this.records.findAccessToken(hash);
    if (access) return this.revokeAccessToken(hash, access.token, access.revocation !== undefined, by);
    const refresh = await this.records.findRefreshToken(hash);
    return refresh && this.revokeFamily(refresh.token.family, refresh.token, by);
  }

  private async revokeAccessToken(
    hash: Buffer,
    { realm, clientId, username, family }: AccessToken,
    isRevoked: boolean,
    by: Revoker,
  ): Promise<RevokedTokens | undefined> {
    if (!isWithin(realm, by.within)) return undefined;
    const id = hash.toString('base64url');
    const owner = { realm, clientId, username };
    if (!isRevoked) await this.accessTokens.revoke(hash, this.revocation('token.revoked', owner, id, by));
    return { id, family, ...owner };
  }

  private async revokeFamily(
    family: string,
    found: FamilyOwner | undefined,
    by: Revoker,
  ): Promise<RevokedTokens | undefined> {
    if (!found || !isWithin(found.realm, by.within)) return undefined;
    const { realm, clientId, username } = found;
    const owner = { realm, clientId, username };
    await this.refreshTokens.revokeFamily(family, this.revocation('family.revoked', owner, family, by));
    return { family, ...owner };
  }

  private revocation(
    action: AuditAction,
    { realm, clientId }: FamilyOwner,
    tokenId: string,
    { actor }: Revoker,
  ): Revocation {
    const at = this.clock.now();
    const event: NewAuditEvent = { at, actor, action, realm, name: clientId, tokenId };
    return { at, by: 'admin', event };
  }
}
