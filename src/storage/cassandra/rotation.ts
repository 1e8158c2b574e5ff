import { hashKey } from '../../domain/access-token.js';
import type { Clock } from '../../domain/clock.js';
import { maxRetries, type Rotation } from '../../domain/refresh-token.js';
import { insertRows, unissuedMark } from './access-tokens.js';
import { decisionTimeoutMs, Deadline } from './deadline.js';
import {
  accessMemberOnce,
  familyInsertion,
  findMemberRow,
  keptUntil,
  memberKinds,
  type MemberRow,
  refreshMember,
  refreshTokenInsertion,
} from './family-members.js';
import { findFamilyRow } from './family-revocation.js';
import type { Act, CassandraSession, CqlStatement, Decision } from './session.js';
import { markTimeToLive } from './time-to-live.js';
import { Turns } from './turns.js';

const presented = `WHERE family = ? AND kind = ${memberKinds.refresh} AND hash = ?
    IF expires_at != null AND revoked_at = null AND uses`;

const useFirst: CqlStatement = {
  name: 'use_refresh_token',
  cql: `UPDATE token_family USING TTL ? SET used_at = ?, uses = 1 ${presented} = null AND used_at = null`,
};

const useAgain: CqlStatement = {
  name: 'use_refresh_token_again',
  cql: `UPDATE token_family USING TTL ? SET used_at = ?, uses = ? ${presented} = ? AND used_at = ?`,
};

/** A preserved token stays unused. The transaction must write something. */
const touch: CqlStatement = {
  name: 'touch_refresh_token',
  cql: `UPDATE token_family USING TTL ? SET touched_at = ? ${presented} = null`,
};

/** A row in the answer of a transaction that was not applied. */
interface ConditionRow extends MemberRow {
  readonly kind: number;
  readonly hash: Buffer;
}

/** How often a refresh token was used. */
type Uses = Pick<MemberRow, 'uses' | 'used_at'>;

const unused: Uses = { uses: null, used_at: null };

/**
 * Rotates refresh tokens. What would come of a rotation is written first, and is worth nothing while nobody has been
 * given it; one lightweight transaction on the family's partition decides last.
 */
export class Rotations {
  /** Rivals for one token in this process take turns: many at once may keep each other from ever being decided. */
  private readonly turns = new Turns();

  constructor(
    private readonly session: CassandraSession,
    private readonly clock: Clock,
  ) {}

  /** @throws StoreUnavailable when it is not known whether the token was used */
  rotate(rotation: Rotation): Promise<boolean> {
    const { family, hash } = rotation.presented;
    const deadline = new Deadline(decisionTimeoutMs);
    return this.turns.take(family, async (waited) => {
      deadline.check();
      const member = waited ? await findMemberRow(this.session, family, hash) : undefined;
      if (waited && !isUsable(member, rotation)) return false;
      return this.decide(rotation, member ?? unused, deadline);
    });
  }

  private async decide(rotation: Rotation, before: Uses, deadline: Deadline): Promise<boolean> {
    const { presented: token, accessToken, successor } = rotation;
    const now = this.clock.now();
    const until = keptUntil(token.familyExpiresAt, accessToken);
    const prolongation = await this.prolongation(rotation, now);
    await Promise.all([
      insertRows(this.session, accessToken, now),
      successor && this.session.write(refreshTokenInsertion(successor, until, now)),
    ]);
    const issued = [accessMemberOnce(accessToken, token.family, now)];
    if (successor) issued.push(refreshMember(successor, until, now));
    for (let uses: Uses | undefined = before; uses;) {
      const acts: Act[] = [useAct(rotation, uses, until, now), ...issued, ...prolongation];
      const { applied, rows }: Decision<ConditionRow> = await this.session.decide(
        'rotate_refresh_token',
        acts,
        deadline,
      );
      if (applied || rows.some((row) => isMember(row, memberKinds.access, accessToken.hash))) return true;
      const member: ConditionRow | undefined = rows.find((row) =>
        isMember(row, memberKinds.refresh, token.hash),
      );
      uses = isUsable(member, rotation) ? member : undefined;
    }
    await this.session.write(unissuedMark(accessToken, now));
    return false;
  }

  /**
   * What makes the family's rows last as long as an access token that outlives them: the client's lifetime may have
   * been raised since the family began.
   */
  private async prolongation({ presented: token, accessToken }: Rotation, now: number): Promise<Act[]> {
    const { expiresAt } = accessToken;
    if (expiresAt <= token.familyExpiresAt) return [];
    const row = await findFamilyRow(this.session, token.family);
    if (!row?.ends_at || row.ends_at.getTime() >= expiresAt) return [];
    await this.session.write(refreshTokenInsertion(token, expiresAt, now));
    return [familyInsertion(token.family, expiresAt, now), refreshMember(token, expiresAt, now)];
  }
}

function useAct(
  { presented: token, preserved, now: usedAt }: Rotation,
  before: Uses,
  until: number,
  now: number,
): Act {
  const timeToLive = markTimeToLive(until, now);
  const { family, hash } = token;
  if (preserved) return [touch, [timeToLive, new Date(usedAt), family, hash]];
  const { uses, used_at } = before;
  if (uses === null) return [useFirst, [timeToLive, new Date(usedAt), family, hash]];
  return [useAgain, [timeToLive, used_at, uses + 1, family, hash, uses, used_at]];
}

/** Whether the presented token may be used, as its row says. */
function isUsable<Row extends MemberRow>(
  member: Row | undefined,
  { preserved, forgivenSince }: Rotation,
): member is Row {
  if (!member?.expires_at || member.revoked_at) return false;
  const { uses, used_at } = member;
  if (uses === null || used_at === null) return true;
  if (preserved || forgivenSince === undefined) return false;
  return used_at.getTime() >= forgivenSince && uses <= maxRetries;
}

function isMember({ kind, hash }: ConditionRow, wanted: number, ofHash: Buffer): boolean {
  return kind === wanted && hashKey(hash) === hashKey(ofHash);
}
