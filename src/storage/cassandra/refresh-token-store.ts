import type { StoredAccessToken } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import { type RefreshToken, RefreshTokenStore, type Rotation } from '../../domain/refresh-token.js';
import type { Revocation } from '../../domain/token-record.js';
import { insertRows } from './access-tokens.js';
import { callTimeoutMs, Deadline } from './deadline.js';
import {
  accessMember,
  familyInsertion,
  findMemberRow,
  findRefreshToken,
  keptUntil,
  refreshMember,
  refreshTokenInsertion,
} from './family-members.js';
import { FamilyRevocations } from './family-revocation.js';
import { Rotations } from './rotation.js';
import type { CassandraSession } from './session.js';
import { type RefreshTokenRow, toRefreshToken } from './token-rows.js';

/** Refresh tokens in Cassandra. A refresh token is worth something only as a member of its family. */
export class CassandraRefreshTokenStore extends RefreshTokenStore {
  private readonly rotations: Rotations;
  private readonly revocations: FamilyRevocations;

  /** @param feed notifies all nodes of revocations, and records their events */
  constructor(
    private readonly session: CassandraSession,
    feed: ChangeFeed,
    private readonly clock: Clock,
  ) {
    super();
    this.rotations = new Rotations(session, clock);
    this.revocations = new FamilyRevocations(session, feed, clock);
  }

  /** Where it fails, some of the rows may be there; without all of them nobody has been given a token. */
  begin(refreshToken: RefreshToken | undefined, accessToken: StoredAccessToken): Promise<void> {
    const begun = refreshToken ? this.insertPair(refreshToken, accessToken) : this.insertLone(accessToken);
    return new Deadline(callTimeoutMs).wait(begun);
  }

  find(hash: Buffer): Promise<RefreshToken | undefined> {
    return new Deadline(callTimeoutMs).wait(this.findRow(hash));
  }

  rotate(rotation: Rotation): Promise<boolean> {
    return new Deadline(callTimeoutMs).wait(this.rotations.rotate(rotation));
  }

  revokeFamily(family: string, revocation: Revocation): Promise<void> {
    return new Deadline(callTimeoutMs).wait(this.revocations.revoke(family, revocation));
  }

  private async insertPair(refreshToken: RefreshToken, accessToken: StoredAccessToken): Promise<void> {
    const { family, familyExpiresAt } = refreshToken;
    const now = this.clock.now();
    const until = keptUntil(familyExpiresAt, accessToken);
    await Promise.all([
      this.session.writeTogether('begin_token_family', [
        familyInsertion(family, until, now),
        refreshMember(refreshToken, until, now),
        accessMember(accessToken, family, now),
      ]),
      this.session.write(refreshTokenInsertion(refreshToken, until, now)),
      insertRows(this.session, accessToken, now),
    ]);
  }

  /** A family of one access token. */
  private async insertLone(accessToken: StoredAccessToken): Promise<void> {
    const { family, expiresAt } = accessToken;
    if (family === undefined) throw new Error('The access token has no family.');
    const now = this.clock.now();
    await Promise.all([
      this.session.writeTogether('begin_token_family', [
        familyInsertion(family, expiresAt, now),
        accessMember(accessToken, family, now),
      ]),
      insertRows(this.session, accessToken, now),
    ]);
  }

  private async findRow(hash: Buffer): Promise<RefreshToken | undefined> {
    const [row] = await this.session.read<RefreshTokenRow>([findRefreshToken, [hash]]);
    if (!row) return undefined;
    const family = row.family.toString();
    const member = await findMemberRow(this.session, family, hash);
    if (!member) return undefined;
    if (!member.revoked_at) return toRefreshToken(row, member.used_at);
    // Whoever revoked the family may have been lost before its access tokens were marked.
    if (!member.ended_at) await this.revocations.finish(family);
    return undefined;
  }
}
