import type { StoredAccessToken } from '../../domain/access-token.js';
import type { RevokedBy } from '../../domain/token-record.js';
import type { Act, CassandraSession, CqlStatement } from './session.js';
import { markTimeToLive, timeToLive } from './time-to-live.js';
import { accessTokenColumns, type AccessTokenRow, accessTokenValues } from './token-rows.js';

const names = accessTokenColumns.join(', ');
const parameters = accessTokenColumns.map(() => '?').join(', ');

const insertToken: CqlStatement = {
  name: 'insert_access_token',
  cql: `INSERT INTO access_token (${names}) VALUES (${parameters}) USING TTL ?`,
};

const insertUserToken: CqlStatement = {
  name: 'insert_user_token',
  cql: `INSERT INTO user_token (realm, username, issued_at, hash, client_id) VALUES (?, ?, ?, ?, ?) USING TTL ?`,
};

export const importToken: CqlStatement = {
  name: 'import_access_token',
  cql: `INSERT INTO access_token (${names}) VALUES (${parameters}) IF NOT EXISTS USING TTL ?`,
};

const findToken: CqlStatement = {
  name: 'find_access_token',
  cql: `SELECT ${names}, revoked, revoked_at, revoked_by, ended_at FROM access_token WHERE hash = ?`,
};

/** A cell that only ever appears: neither the order of two writes nor their clocks matter. */
const markRevoked: CqlStatement = {
  name: 'revoke_access_token',
  cql: `UPDATE access_token USING TTL ? SET revoked = true, revoked_at = ?, revoked_by = ? WHERE hash = ?`,
};

const markUnissued: CqlStatement = {
  name: 'refuse_access_token',
  cql: `UPDATE access_token USING TTL ? SET revoked = true WHERE hash = ?`,
};

const markEnded: CqlStatement = {
  name: 'end_access_token',
  cql: `UPDATE access_token USING TTL ? SET ended_at = ? WHERE hash = ?`,
};

/** A row with its marks. */
export interface MarkedAccessTokenRow extends AccessTokenRow {
  readonly revoked: boolean | null;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
  /** When every node had been notified of the revocation. */
  readonly ended_at: Date | null;
}

/** A row that holds a token: marks alone may outlive it. */
export type WholeAccessTokenRow = MarkedAccessTokenRow & { readonly realm: string };

export function isWhole(row: MarkedAccessTokenRow | undefined): row is WholeAccessTokenRow {
  return row !== undefined && row.realm !== null;
}

/** The values of `importToken`. */
export function importValues(token: StoredAccessToken, now: number): unknown[] {
  return [...accessTokenValues(token), timeToLive(token.expiresAt, now)];
}

/** Writes the rows of an access token, at once: its own, and that of its resource owner's list. */
export async function insertRows(
  session: CassandraSession,
  token: StoredAccessToken,
  now: number,
): Promise<void> {
  await Promise.all([
    session.write([insertToken, importValues(token, now)]),
    insertIntoUsersList(session, token, now),
  ]);
}

export async function insertIntoUsersList(
  session: CassandraSession,
  { realm, username, issuedAt, hash, clientId, expiresAt }: StoredAccessToken,
  now: number,
): Promise<void> {
  if (username === undefined) return;
  const values = [realm, username, new Date(issuedAt), hash, clientId, timeToLive(expiresAt, now)];
  await session.write([insertUserToken, values]);
}

/** The row under a hash, with its marks; undefined when there is none. */
export async function findRow(
  session: CassandraSession,
  hash: Buffer,
): Promise<MarkedAccessTokenRow | undefined> {
  const [row] = await session.read<MarkedAccessTokenRow>([findToken, [hash]]);
  return row;
}

/** Marks a token as revoked. @param end when it expires; this and `now` are milliseconds since 1970 */
export function revocationMark(
  hash: Buffer,
  end: number,
  revocation: { readonly at: number; readonly by?: RevokedBy },
  now: number,
): Act {
  return [markRevoked, [markTimeToLive(end, now), new Date(revocation.at), revocation.by, hash]];
}

/** Marks a token that nobody has been given. */
export function unissuedMark({ hash, expiresAt }: StoredAccessToken, now: number): Act {
  return [markUnissued, [markTimeToLive(expiresAt, now), hash]];
}

/** Marks a revocation of which every node has been notified. */
export function endMark(hash: Buffer, end: number, now: number): Act {
  return [markEnded, [markTimeToLive(end, now), new Date(now), hash]];
}
