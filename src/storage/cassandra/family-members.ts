import type { StoredAccessToken } from '../../domain/access-token.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import type { Act, CassandraSession, CqlStatement } from './session.js';
import { markTimeToLive, timeToLive } from './time-to-live.js';
import { refreshTokenColumns, refreshTokenValues } from './token-rows.js';

/** Kinds of members: the column `kind` of `token_family`. */
export const memberKinds = { refresh: 1, access: 2 };

const names = refreshTokenColumns.join(', ');
const parameters = refreshTokenColumns.map(() => '?').join(', ');

const insertRefreshToken: CqlStatement = {
  name: 'insert_refresh_token',
  cql: `INSERT INTO refresh_token (${names}) VALUES (${parameters}) USING TTL ?`,
};

export const importRefreshToken: CqlStatement = {
  name: 'import_refresh_token',
  cql: `INSERT INTO refresh_token (${names}) VALUES (${parameters}) IF NOT EXISTS USING TTL ?`,
};

export const findRefreshToken: CqlStatement = {
  name: 'find_refresh_token',
  cql: `SELECT ${names} FROM refresh_token WHERE hash = ?`,
};

const insertFamily: CqlStatement = {
  name: 'begin_token_family',
  cql: `UPDATE token_family USING TTL ? SET ends_at = ? WHERE family = ?`,
};

const insertMember: CqlStatement = {
  name: 'add_family_member',
  cql: `INSERT INTO token_family (family, kind, hash, expires_at) VALUES (?, ?, ?, ?) USING TTL ?`,
};

/** The answer of a transaction with it shows whether an earlier try of the same transaction has added it. */
const insertMemberOnce: CqlStatement = {
  name: 'add_family_member_once',
  cql: `INSERT INTO token_family (family, kind, hash, expires_at) VALUES (?, ?, ?, ?) IF NOT EXISTS USING TTL ?`,
};

const findMember: CqlStatement = {
  name: 'find_family_member',
  cql: `SELECT revoked_at, revoked_by, ended_at, expires_at, used_at, uses
    FROM token_family WHERE family = ? AND kind = ${memberKinds.refresh} AND hash = ?`,
};

/** Refresh tokens come first. A member's token may have expired a moment before its row. */
const findSomeMembers: CqlStatement = {
  name: 'find_family_members',
  cql: `SELECT kind, hash FROM token_family WHERE family = ? LIMIT 10`,
};

/** A token of a family. */
export interface FamilyMember {
  /** One of `memberKinds`. */
  readonly kind: number;
  readonly hash: Buffer;
}

/** What a refresh token's family knows of it. */
export interface MemberRow {
  /** When the family was revoked. */
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
  /** When that revocation was complete: every access token marked, every node notified. */
  readonly ended_at: Date | null;
  /** Null where the family has no such member. */
  readonly expires_at: Date | null;
  /** When it was first used. */
  readonly used_at: Date | null;
  /** How often it was used; null for never. */
  readonly uses: number | null;
}

/**
 * Until when the rows of a family are kept: its last refresh may yield an access token that outlives it. Milliseconds
 * since 1970.
 */
export function keptUntil(familyExpiresAt: number, { issuedAt, expiresAt }: StoredAccessToken): number {
  return Math.max(expiresAt, familyExpiresAt + (expiresAt - issuedAt));
}

/** The row that makes a family exist. */
export function familyInsertion(family: string, endsAt: number, now: number): Act {
  return [insertFamily, [markTimeToLive(endsAt, now), new Date(endsAt), family]];
}

/** @param until until when the rows of the family are kept */
export function refreshMember({ family, hash, expiresAt }: RefreshToken, until: number, now: number): Act {
  const values = [family, memberKinds.refresh, hash, new Date(expiresAt), timeToLive(until, now)];
  return [insertMember, values];
}

export function accessMember(token: StoredAccessToken, family: string, now: number): Act {
  return [insertMember, accessMemberValues(token, family, now)];
}

export function accessMemberOnce(token: StoredAccessToken, family: string, now: number): Act {
  return [insertMemberOnce, accessMemberValues(token, family, now)];
}

export function refreshTokenInsertion(token: RefreshToken, until: number, now: number): Act {
  return [insertRefreshToken, [...refreshTokenValues(token), timeToLive(until, now)]];
}

/** The member row of a refresh token, used or not; undefined when its family has no such member. */
export async function findMemberRow(
  session: CassandraSession,
  family: string,
  hash: Buffer,
): Promise<MemberRow | undefined> {
  const [row] = await session.read<MemberRow>([findMember, [family, hash]]);
  return row?.expires_at ? row : undefined;
}

/** The first members of a family, refresh tokens before access tokens; none where there is no such family. */
export async function findMembers(
  session: CassandraSession,
  family: string,
): Promise<readonly FamilyMember[]> {
  const rows = await session.read<{ kind: number | null; hash: Buffer }>([findSomeMembers, [family]]);
  // The row of a family without members has its static columns alone.
  return rows.flatMap(({ kind, hash }) => (kind === null ? [] : [{ kind, hash }]));
}

/** An access token is a member for as long as it lives: only then must the revocation of its family mark it. */
function accessMemberValues({ hash, expiresAt }: StoredAccessToken, family: string, now: number): unknown[] {
  return [family, memberKinds.access, hash, new Date(expiresAt), timeToLive(expiresAt, now)];
}
