import { types } from 'cassandra-driver';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { CassandraConfig } from '../../src/config/cassandra-config.js';
import { CONFIG, type Config } from '../../src/config/config.js';
import type { TestApp } from './app.js';
import { connectTo } from './cassandra.js';

/** Values by their columns: bytes are in hex, times are milliseconds since 1970. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** All rows about tokens, in an order of their own. */
export interface StoredTokens {
  /** `revoked` is true or false. */
  readonly accessTokens: readonly StoredRow[];
  readonly refreshTokens: readonly StoredRow[];
  /** `id` and `revoked` are those of the family. In Cassandra each token of a family has a row. */
  readonly families: readonly StoredRow[];
}

const tables = ['access_token', 'refresh_token', 'token_family'];

/** What is stored about an application's tokens, as a connection of its own sees it. */
export async function storedTokens(app: TestApp): Promise<StoredTokens> {
  const { cassandra } = app.nest.get<Config>(CONFIG);
  return cassandra ? inCassandra(cassandra) : inPostgres(app.nest.get(DataSource));
}

async function inPostgres({ options }: DataSource): Promise<StoredTokens> {
  const { extra, host, username, database } = options as Login;
  const client = new pg.Client({ host, user: username, database, ...extra });
  await client.connect();
  try {
    const [accessTokens, refreshTokens, families] = await readAll(async (table) => {
      const { rows } = await client.query<StoredRow>(`SELECT * FROM ${table}`);
      return rows;
    });
    return { accessTokens, refreshTokens, families };
  } finally {
    await client.end();
  }
}

/** How to connect to a database: by a connection URI, or to an embedded one by its socket. */
interface Login {
  readonly extra?: { readonly connectionString?: string };
  readonly host?: string;
  readonly username?: string;
  readonly database?: string;
}

async function inCassandra({
  contactPoints,
  localDatacenter,
  keyspace,
}: CassandraConfig): Promise<StoredTokens> {
  const client = await connectTo({ contactPoints, datacenter: localDatacenter }, { keyspace });
  try {
    const [accessTokens, refreshTokens, members] = await readAll(async (table) => {
      const options = { consistency: types.consistencies.quorum };
      const { rows } = await client.execute(`SELECT * FROM ${table}`, [], options);
      return rows.map((row) => ({ ...row }));
    });
    return {
      // A cell of a revocation is there, or it is not.
      accessTokens: accessTokens.map((row) => ({ ...row, revoked: row.revoked === true })),
      refreshTokens,
      families: members.map((row) => ({ ...row, id: row.family, revoked: row.revoked_at !== null })),
    };
  } finally {
    await client.shutdown();
  }
}

async function readAll(read: (table: string) => Promise<readonly StoredRow[]>): Promise<StoredRow[][]> {
  const all: StoredRow[][] = [];
  for (const table of tables) {
    const rows = (await read(table)).map(plain).map((row) => ({ row, key: JSON.stringify(row) }));
    all.push(rows.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row));
  }
  return all;
}

function plain(row: StoredRow): StoredRow {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Date) return value.getTime();
  return value instanceof types.Uuid || value instanceof types.Long ? value.toString() : value;
}
