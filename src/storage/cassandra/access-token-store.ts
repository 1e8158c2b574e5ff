import { type AccessToken, AccessTokenStore, type StoredAccessToken } from '../../domain/access-token.js';
import type { AuditLog, NewAuditEvent } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { Revocation } from '../../domain/token-record.js';
import { endMark, findRow, insertRows, isWhole, revocationMark } from './access-tokens.js';
import { callTimeoutMs, Deadline } from './deadline.js';
import type { CassandraSession } from './session.js';
import { toAccessToken } from './token-rows.js';

/**
 * Access tokens in Cassandra. A second token under one hash is not refused: that would cost each insert a lightweight
 * transaction, and hashes of random values do not meet.
 */
export class CassandraAccessTokenStore extends AccessTokenStore {
  /** @param feed notifies all nodes of revocations, and records their events */
  constructor(
    private readonly session: CassandraSession,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  insert(token: StoredAccessToken, event?: NewAuditEvent): Promise<void> {
    return new Deadline(callTimeoutMs).wait(this.insertToken(token, event));
  }

  /** A statement for each hash: were several in one, a lost range of the ring would fail them all. */
  async find(hash: Buffer): Promise<AccessToken | undefined> {
    return new Deadline(callTimeoutMs).wait(this.findToken(hash));
  }

  revoke(hash: Buffer, revocation: Revocation): Promise<void> {
    return new Deadline(callTimeoutMs).wait(this.revokeRow(hash, revocation));
  }

  private async insertToken(token: StoredAccessToken, event?: NewAuditEvent): Promise<void> {
    await insertRows(this.session, token, this.clock.now());
    if (event) await this.audit.append(event);
  }

  private async findToken(hash: Buffer): Promise<AccessToken | undefined> {
    const row = await findRow(this.session, hash);
    if (!isWhole(row)) return undefined;
    if (!row.revoked) return toAccessToken(row);
    // Whoever revoked it may have been lost before the other nodes were notified.
    if (row.revoked_at && !row.ended_at) await this.end(hash, row.expires_at.getTime());
    return undefined;
  }

  private async revokeRow(hash: Buffer, { at, by, event }: Revocation): Promise<void> {
    const row = await findRow(this.session, hash);
    if (!isWhole(row)) return;
    const end = row.expires_at.getTime();
    if (!row.revoked) {
      await this.session.write(revocationMark(hash, end, { at, by }, this.clock.now()));
    }
    await this.end(hash, end, event);
  }

  /** Notifies every node, and marks that it did. The mark of the revocation has been acknowledged. */
  private async end(hash: Buffer, end: number, event?: NewAuditEvent): Promise<void> {
    await this.feed.publish({ accessTokens: [hash] }, event);
    await this.session.write(endMark(hash, end, this.clock.now()));
  }
}
