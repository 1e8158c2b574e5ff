import { hashKey } from '../../domain/access-token.js';
import type { FamilyCopy, RefreshTokenCopy } from '../../domain/token-copy.js';
import { memberKinds, type MemberRow } from './family-members.js';
import type { FamilyRow } from './family-revocation.js';
import type { Act, CassandraSession, CqlStatement } from './session.js';
import { markTimeToLive } from './time-to-live.js';

/** One partition, so that one statement reads many rows. */
const findMembers: CqlStatement = {
  name: 'find_copied_members',
  cql: `SELECT hash, ends_at, expires_at, used_at, uses
    FROM token_family WHERE family = ? AND kind = ${memberKinds.refresh} AND hash IN ?`,
};

/** A family that is revoked is never there without its revocation. */
const beginFamily: CqlStatement = {
  name: 'copy_token_family',
  cql: `UPDATE token_family USING TTL ? SET ends_at = ?, revoked_at = ?, revoked_by = ?
    WHERE family = ? IF ends_at = null`,
};

const prolongFamily: CqlStatement = {
  name: 'prolong_copied_family',
  cql: `UPDATE token_family USING TTL ? SET ends_at = ? WHERE family = ? IF ends_at = ?`,
};

/** A member and its use end together: a token that was used is never there as an unused one. */
const setMember = `UPDATE token_family USING TTL ? SET expires_at = ?, used_at = ?, uses = ?
    WHERE family = ? AND kind = ${memberKinds.refresh} AND hash = ? IF`;

const addMember: CqlStatement = {
  name: 'copy_family_member',
  cql: `${setMember} expires_at = null`,
};

const setUnusedMember: CqlStatement = {
  name: 'copy_first_use',
  cql: `${setMember} expires_at != null AND uses = null`,
};

const setUsedMember: CqlStatement = {
  name: 'copy_use',
  cql: `${setMember} expires_at != null AND uses = ? AND used_at = ?`,
};

/** What a family knows of one of its refresh tokens, and until when its rows are kept. */
export type CopiedMemberRow = Pick<MemberRow, 'expires_at' | 'used_at' | 'uses'> & Pick<FamilyRow, 'ends_at'>;

/** How often a refresh token was used, and when first; null for never. */
export type Uses = Pick<MemberRow, 'uses' | 'used_at'>;

/** The member rows of some refresh tokens, by `hashKey`. */
export async function findMemberRows(
  session: CassandraSession,
  family: string,
  tokens: readonly RefreshTokenCopy[],
): Promise<ReadonlyMap<string, CopiedMemberRow>> {
  if (tokens.length === 0) return new Map();
  const hashes = tokens.map(({ token }) => token.hash);
  const rows = await session.read<CopiedMemberRow & { readonly hash: Buffer }>([
    findMembers,
    [family, hashes],
  ]);
  return new Map(rows.filter((row) => row.expires_at).map((row) => [hashKey(row.hash), row]));
}

/**
 * The later state of a token: used is later than unused. Of two different first uses that of this store stays.
 * @param row undefined where the family has no such member
 */
export function laterUses({ token, uses }: RefreshTokenCopy, row: CopiedMemberRow | undefined): Uses {
  const copied = token.usedAt === undefined ? unused : { uses, used_at: new Date(token.usedAt) };
  if (!row || row.uses === null) return copied;
  return row.used_at?.getTime() === token.usedAt && uses > row.uses ? copied : row;
}

const unused: Uses = { uses: null, used_at: null };

/** @param until until when the rows of the family are kept; this and `now` are milliseconds since 1970 */
export function familyBegin({ family, revocation }: FamilyCopy, until: number, now: number): Act {
  const revokedAt = revocation && new Date(revocation.at ?? now);
  const values = [markTimeToLive(until, now), new Date(until), revokedAt, revocation?.by, family];
  return [beginFamily, values];
}

/** @param endsAt until when they are kept so far */
export function familyProlongation(family: string, endsAt: Date, until: number, now: number): Act {
  return [prolongFamily, [markTimeToLive(until, now), new Date(until), family, endsAt]];
}

/** Gives a member a state, provided that its row has not changed. @param row undefined where there is none */
export function memberUpdate(
  { token: { family, hash, expiresAt } }: RefreshTokenCopy,
  row: CopiedMemberRow | undefined,
  { uses, used_at }: Uses,
  until: number,
  now: number,
): Act {
  const timeToLive = markTimeToLive(until, now);
  const values = [timeToLive, new Date(expiresAt), used_at ?? undefined, uses ?? undefined, family, hash];
  if (!row) return [addMember, values];
  if (row.uses === null) return [setUnusedMember, values];
  return [setUsedMember, [...values, row.uses, row.used_at]];
}
