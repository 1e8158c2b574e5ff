import { Client, concurrent, ExecutionProfile, types } from 'cassandra-driver';
import { client as oauthClient, realm } from '../subjects.js';
import type { Cluster } from './cluster.js';
import type { IssuedToken } from './issued-tokens.js';

/** The server makes the keyspace of this name, by default. */
export const keyspace = 'symbolon';

/** Statements under way at once. */
const atOnce = 200;

/** Rows of one answer: a node that counted all rows itself would be out of time. */
const pageSize = 5_000;

/** How long the server keeps rows beyond their end, in seconds: one of them, and a family. */
const keptBeyondEnd = { row: 600, family: 1200 };

const day = 24 * 3600;

const insertAccessToken = `INSERT INTO access_token (hash, realm, client_id, username, scope, grant_type, auth_level,
  issued_at, expires_at, realm_epoch, client_epoch, resource_owner_epoch)
  VALUES (?, '${realm}', '${oauthClient.id}', ?, 'read write', 'password', 0, ?, ?, ?, ?, ?)
  USING TTL ${day + keptBeyondEnd.row}`;

const insertUserToken = `INSERT INTO user_token (realm, username, issued_at, hash, client_id)
  VALUES ('${realm}', ?, ?, ?, '${oauthClient.id}') USING TTL ${day + keptBeyondEnd.row}`;

const insertRefreshToken = `INSERT INTO refresh_token (hash, family, realm, client_id, username, scope, auth_level,
  issued_at, expires_at, family_expires_at, realm_epoch, client_epoch, resource_owner_epoch)
  VALUES (?, ?, '${realm}', '${oauthClient.id}', ?, 'read write', 0, ?, ?, ?, ?, ?, ?)
  USING TTL ${30 * day + keptBeyondEnd.row}`;

const insertFamily = `UPDATE token_family USING TTL ${30 * day + keptBeyondEnd.family} SET ends_at = ? WHERE family = ?`;

const insertMember = `INSERT INTO token_family (family, kind, hash, expires_at) VALUES (?, 1, ?, ?)
  USING TTL ${30 * day + keptBeyondEnd.row}`;

/** The tables of the tokens in a cluster, as a server has made them. */
export class Keyspace {
  private constructor(private readonly client: Client) {}

  static async open({ contactPoints, port, datacenter }: Cluster): Promise<Keyspace> {
    const client = new Client({
      contactPoints,
      // Nodes that the driver finds by itself are reached there, too.
      protocolOptions: { port },
      localDataCenter: datacenter,
      keyspace,
      encoding: { useBigIntAsLong: true },
      profiles: [new ExecutionProfile('default', { consistency: types.consistencies.localQuorum })],
      queryOptions: { isIdempotent: true },
    });
    await client.connect();
    return new Keyspace(client);
  }

  /** Adds access tokens that expire in a day, as the server writes them. */
  async addAccessTokens(tokens: readonly IssuedToken[]): Promise<void> {
    const [issuedAt, expiresAt] = [new Date(), inSeconds(day)];
    await this.runAll(
      tokens.flatMap(({ hash, username, epochs }) => [
        { query: insertAccessToken, params: [hash, username, issuedAt, expiresAt, ...epochs] },
        { query: insertUserToken, params: [username, issuedAt, hash] },
      ]),
    );
  }

  /** Adds unused refresh tokens that expire in half a day, each with a family of 30 days, as the server writes them. */
  async addRefreshTokens(tokens: readonly IssuedToken[]): Promise<void> {
    const [issuedAt, expiresAt, familyEnd] = [new Date(), inSeconds(day / 2), inSeconds(30 * day)];
    await this.runAll(
      tokens.flatMap(({ hash, username, epochs, family }) => [
        {
          query: insertRefreshToken,
          params: [hash, family, username, issuedAt, expiresAt, familyEnd, ...epochs],
        },
        { query: insertFamily, params: [familyEnd, family] },
        { query: insertMember, params: [family, hash, expiresAt] },
      ]),
    );
  }

  /** The number of access tokens. */
  async countAccessTokens(): Promise<number> {
    const rows = await this.client.execute('SELECT realm FROM access_token', [], { fetchSize: pageSize });
    let count = 0;
    for await (const { realm: whole } of rows) if (whole !== null) count += 1;
    return count;
  }

  async close(): Promise<void> {
    await this.client.shutdown();
  }

  private async runAll(statements: { query: string; params: unknown[] }[]): Promise<void> {
    await concurrent.executeConcurrent(this.client, statements, { concurrencyLevel: atOnce });
  }
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
