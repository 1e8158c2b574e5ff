import type { NewAuditEvent } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { RevokedBy } from '../../domain/token-record.js';
import { endMark, findRow, revocationMark } from './access-tokens.js';
import { decisionTimeoutMs, Deadline } from './deadline.js';
import { memberKinds } from './family-members.js';
import { inParallel } from './in-parallel.js';
import type { CassandraSession, CqlStatement } from './session.js';
import { markTimeToLive } from './time-to-live.js';

const findFamily: CqlStatement = {
  name: 'find_token_family',
  cql: `SELECT ends_at, revoked_at, TTL(revoked_at) AS revoked_for, revoked_by, revocation_event, ended_at
    FROM token_family WHERE family = ? LIMIT 1`,
};

const findAccessMembers: CqlStatement = {
  name: 'find_family_access_tokens',
  cql: `SELECT hash, expires_at FROM token_family WHERE family = ? AND kind = ${memberKinds.access}`,
};

const setRevocation = `UPDATE token_family USING TTL ? SET revoked_at = ?, revoked_by = ?, revocation_event = ?
    WHERE family = ? IF`;

const revokeFamily: CqlStatement = {
  name: 'revoke_token_family',
  cql: `${setRevocation} ends_at != null AND revoked_at = null`,
};

const prolongRevocation: CqlStatement = {
  name: 'prolong_family_revocation',
  cql: `${setRevocation} revoked_at != null`,
};

const endFamily: CqlStatement = {
  name: 'end_token_family',
  cql: `UPDATE token_family USING TTL ? SET ended_at = ? WHERE family = ?`,
};

/** The columns that all members of a family share. */
export interface FamilyRow {
  /** Until when its rows are kept; null where there is no such family. */
  readonly ends_at: Date | null;
  readonly revoked_at: Date | null;
  /** For how many seconds more the revocation is kept; null where it has no end. */
  readonly revoked_for: number | null;
  readonly revoked_by: string | null;
  /** The audit event of the revocation, in JSON. */
  readonly revocation_event: string | null;
  /** When the revocation was complete: every access token marked, every node notified. */
  readonly ended_at: Date | null;
}

interface AccessMemberRow {
  readonly hash: Buffer;
  readonly expires_at: Date;
}

export async function findFamilyRow(
  session: CassandraSession,
  family: string,
): Promise<FamilyRow | undefined> {
  const [row] = await session.read<FamilyRow>([findFamily, [family]]);
  return row;
}

/** A revocation as it is to be stored; one that another store has recorded may lack `by`. */
export interface FamilyRevocation {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by?: RevokedBy;
  /** Is recorded once every node has been notified. */
  readonly event?: NewAuditEvent;
}

/** Revokes families: first the family, so that no token joins it any more, then its access tokens. */
export class FamilyRevocations {
  /** @param feed notifies all nodes, and records the events */
  constructor(
    private readonly session: CassandraSession,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** The event is stored with the revocation: whoever finishes a revocation that was broken off can record it. */
  async revoke(family: string, { at, by, event }: FamilyRevocation): Promise<void> {
    const row = await findFamilyRow(this.session, family);
    if (!row?.ends_at || row.ended_at) return;
    if (!row.revoked_at) {
      const timeToLive = markTimeToLive(row.ends_at.getTime(), this.clock.now());
      const values = [timeToLive, new Date(at), by, event && JSON.stringify(event), family];
      const { applied, rows } = await this.session.decide<FamilyRow>(
        revokeFamily.name,
        [[revokeFamily, values]],
        new Deadline(decisionTimeoutMs),
      );
      // The family is over, if nobody else has revoked it at the same time.
      if (!applied && !rows[0]?.revoked_at) return;
    }
    await this.finish(family);
  }

  /** Completes the revocation of a family, whoever began it. It may be done any number of times. */
  async finish(family: string): Promise<void> {
    const members = await this.session.readDecided<AccessMemberRow>(
      [findAccessMembers, [family]],
      new Deadline(decisionTimeoutMs),
    );
    const row = await findFamilyRow(this.session, family);
    if (!row?.revoked_at || !row.ends_at) return;
    const now = this.clock.now();
    const end = members.reduce(
      (last, { expires_at }) => Math.max(last, expires_at.getTime()),
      row.ends_at.getTime(),
    );
    await this.prolong(family, row, markTimeToLive(end, now));
    const revocation = { at: row.revoked_at.getTime(), by: 'family' } as const;
    await inParallel(members, async ({ hash, expires_at }) => {
      // The first revocation stays recorded.
      if ((await findRow(this.session, hash))?.revoked) return;
      await this.session.write(revocationMark(hash, expires_at.getTime(), revocation, now));
    });
    await this.feed.publish({ accessTokens: members.map(({ hash }) => hash) }, eventOf(row));
    await inParallel(members, ({ hash, expires_at }) =>
      this.session.write(endMark(hash, expires_at.getTime(), now)),
    );
    await this.session.write([endFamily, [markTimeToLive(end, now), new Date(now), family]]);
  }

  /** Makes the revocation last as long as an access token that joined the family just before it. */
  private async prolong(family: string, row: FamilyRow, timeToLive: number): Promise<void> {
    const { revoked_for, revoked_at, revoked_by, revocation_event } = row;
    if (revoked_for === null || (timeToLive > 0 && revoked_for >= timeToLive - prolongedFrom)) return;
    const values = [timeToLive, revoked_at, revoked_by ?? undefined, revocation_event ?? undefined, family];
    const deadline = new Deadline(decisionTimeoutMs);
    await this.session.decide(prolongRevocation.name, [[prolongRevocation, values]], deadline);
  }
}

/** A mark that ends by fewer seconds too early is not written again: it is kept longer than it must be. */
const prolongedFrom = 300;

function eventOf({ revocation_event }: FamilyRow): NewAuditEvent | undefined {
  return revocation_event === null ? undefined : (JSON.parse(revocation_event) as NewAuditEvent);
}
