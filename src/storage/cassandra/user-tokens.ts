import type { Page, Place } from '../../domain/page.js';
import type { CassandraSession, CqlStatement } from './session.js';

/** The list of a user's tokens, newest first; those of one millisecond are in the order of their hashes. */
const ofUser = 'SELECT issued_at, hash FROM user_token WHERE realm = ? AND username = ?';

const listNewest: CqlStatement = { name: 'list_newest_user_tokens', cql: `${ofUser} LIMIT ?` };

const listSimultaneous: CqlStatement = {
  name: 'list_simultaneous_user_tokens',
  cql: `${ofUser} AND issued_at = ? AND hash > ? LIMIT ?`,
};

const listOlder: CqlStatement = {
  name: 'list_older_user_tokens',
  cql: `${ofUser} AND issued_at < ? LIMIT ?`,
};

/** An entry of the list; its token is in another table, and may be missing there. */
export interface UserTokenRow {
  readonly issued_at: Date;
  readonly hash: Buffer;
}

/** The entries of a page. */
export async function findUserTokenRows(
  session: CassandraSession,
  realm: string,
  username: string,
  { limit, before }: Page,
): Promise<readonly UserTokenRow[]> {
  if (!before) return session.read<UserTokenRow>([listNewest, [realm, username, limit]]);
  const at = new Date(before.at);
  const hash = Buffer.from(before.id, 'base64url');
  const simultaneous = await session.read<UserTokenRow>([
    listSimultaneous,
    [realm, username, at, hash, limit],
  ]);
  const left = limit - simultaneous.length;
  if (left === 0) return simultaneous;
  const older = await session.read<UserTokenRow>([listOlder, [realm, username, at, left]]);
  return [...simultaneous, ...older];
}

export function placeOfRow({ issued_at, hash }: UserTokenRow): Place {
  return { at: issued_at.getTime(), id: hash.toString('base64url') };
}
