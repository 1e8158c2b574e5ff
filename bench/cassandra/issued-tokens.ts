import { randomUUID } from 'node:crypto';
import type { Database } from '../postgres.js';
import { client, realm, userCount } from '../subjects.js';
import { hashToken } from '../tokens.js';

/** A token of one of the users, as both stores get it. */
export interface IssuedToken {
  readonly hash: Buffer;
  readonly username: string;
  readonly epochs: readonly [realm: bigint, client: bigint, resourceOwner: bigint];
  readonly family: string;
}

/** The tokens of these values, issued to the users in turn. */
export async function issuedTokens(database: Database, values: readonly string[]): Promise<IssuedToken[]> {
  const rows = await database.query<{ username: string; epochs: [string, string, string] }>(
    `SELECT username, ARRAY[realm.epoch, client.epoch, resource_owner.epoch]::text[] AS epochs
    FROM resource_owner
    JOIN realm ON realm.path = resource_owner.realm
    JOIN client ON client.realm = realm.path AND client.client_id = '${client.id}'
    WHERE resource_owner.realm = '${realm}'`,
  );
  const epochs = new Map(rows.map((row) => [row.username, row.epochs]));
  return values.map((value, number) => {
    const username = `user-${number % userCount}`;
    const [ofRealm, ofClient, ofUser] = epochs.get(username)!;
    return {
      hash: hashToken(value),
      username,
      epochs: [BigInt(ofRealm), BigInt(ofClient), BigInt(ofUser)],
      family: randomUUID(),
    };
  });
}

const insertRefreshTokens = `
  WITH issued AS (SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::text[]) AS issued (hash, family, username)),
  families AS (
    INSERT INTO token_family (id, revoked, expires_at) SELECT family, false, now() + interval '30 days' FROM issued
  )
  INSERT INTO refresh_token (hash, family, realm, client_id, username, scope, auth_level, issued_at, expires_at,
    retries, realm_epoch, client_epoch, resource_owner_epoch)
  SELECT hash, family, realm.path, client.client_id, resource_owner.username, 'read write', 0,
    now(), now() + interval '12 hours', 0, realm.epoch, client.epoch, resource_owner.epoch
  FROM issued
  JOIN realm ON realm.path = '${realm}'
  JOIN client ON client.realm = realm.path AND client.client_id = '${client.id}'
  JOIN resource_owner ON resource_owner.realm = realm.path AND resource_owner.username = issued.username`;

/** Adds unused refresh tokens, each with a family of its own, to PostgreSQL. */
export async function addRefreshTokens(database: Database, tokens: readonly IssuedToken[]): Promise<void> {
  const columns = [
    tokens.map(({ hash }) => hash),
    tokens.map(({ family }) => family),
    tokens.map(({ username }) => username),
  ];
  await database.query(insertRefreshTokens, columns);
  await database.query('VACUUM (ANALYZE)');
  await database.query('CHECKPOINT');
}
