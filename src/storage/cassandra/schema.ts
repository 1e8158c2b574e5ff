import { type Client, types } from 'cassandra-driver';
import type { CassandraConfig } from '../../config/cassandra-config.js';
import { schemaSteps, type SchemaStatement } from '../../../migrations/cassandra/index.js';
import { errorCodes, isResponse } from './errors.js';
import { CassandraStartError } from './cluster-errors.js';

/** Longest wait for a change of the schema, in milliseconds; then the nodes have agreed on it, or never will. */
const schemaTimeoutMs = 15_000;

/** With fewer copies, one lost node takes tokens away. */
const safeCopies = 3;

/** What of the schema an operator should know. */
export interface SchemaReport {
  /** Fewer copies than `safeCopies` in all; undefined where there are enough. */
  readonly fewCopies?: number;
}

/**
 * Brings the schema up to date, and makes the client use the keyspace. What is there is read first and not touched, so
 * that a login without the right to create will do for a finished schema. One process does this at a time.
 * @throws CassandraStartError
 */
export async function openKeyspace(client: Client, config: CassandraConfig): Promise<SchemaReport> {
  const { keyspace } = config;
  const copies = (await copiesOf(client, keyspace)) ?? (await createKeyspace(client, config));
  if (!copies(config.localDatacenter)) {
    throw new CassandraStartError(
      'CASSANDRA_LOCAL_DATACENTER: the keyspace of CASSANDRA_KEYSPACE has no copies in that datacenter',
    );
  }
  await client.execute(`USE "${keyspace}"`);
  await makeSteps(client, keyspace);
  const here = copies(config.localDatacenter);
  return { fewCopies: here < safeCopies ? here : undefined };
}

/**
 * Makes the client use the keyspace, and leaves it as it is.
 * @throws CassandraStartError where there is none
 */
export async function useKeyspace(client: Client, { keyspace }: CassandraConfig): Promise<void> {
  if (!(await copiesOf(client, keyspace))) {
    throw new CassandraStartError(
      'CASSANDRA_KEYSPACE: there is no such keyspace; a server makes it at its start',
    );
  }
  await client.execute(`USE "${keyspace}"`);
}

/** How many copies of each row a datacenter has. */
type Copies = (datacenter: string) => number;

async function copiesOf(client: Client, keyspace: string): Promise<Copies | undefined> {
  const cql = 'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?';
  const [row] = await rowsOf<{ replication: Record<string, string> }>(client, cql, [keyspace]);
  if (!row) return undefined;
  const { replication } = row;
  // SimpleStrategy knows no datacenters. Of a number such as 3/1, the part after the stroke are transient copies.
  return (datacenter) =>
    Number.parseInt(replication[datacenter] ?? replication.replication_factor ?? '0', 10);
}

async function createKeyspace(client: Client, { keyspace, replication }: CassandraConfig): Promise<Copies> {
  if (!replication) {
    throw new CassandraStartError(
      'CASSANDRA_KEYSPACE: there is no such keyspace; create it, or set CASSANDRA_REPLICATION',
    );
  }
  const known = new Set(client.hosts.values().map(({ datacenter }) => datacenter));
  if (!Object.keys(replication).every((datacenter) => known.has(datacenter))) {
    const there = [...known].join(', ');
    throw new CassandraStartError(`CASSANDRA_REPLICATION: the cluster has the datacenters ${there}`);
  }
  const copies = Object.entries(replication).map(([datacenter, count]) => `'${datacenter}': ${count}`);
  const strategy = `{'class': 'NetworkTopologyStrategy', ${copies.join(', ')}}`;
  await change(client, `CREATE KEYSPACE IF NOT EXISTS "${keyspace}" WITH replication = ${strategy}`);
  return (datacenter) => replication[datacenter] ?? 0;
}

const migrationTable: SchemaStatement = {
  table: 'migration',
  cql: 'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamp)',
};

async function makeSteps(client: Client, keyspace: string): Promise<void> {
  const cql = 'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?';
  const tables = await rowsOf<{ table_name: string }>(client, cql, [keyspace]);
  const there = new Set(tables.map(({ table_name }) => table_name));
  if (!there.has(migrationTable.table)) await change(client, migrationTable.cql);
  const made = await madeSteps(client);
  for (const { name, statements } of schemaSteps) {
    if (made.has(name)) continue;
    for (const statement of statements) if (!there.has(statement.table)) await change(client, statement.cql);
    const record = 'INSERT INTO migration (name, applied_at) VALUES (?, toTimestamp(now()))';
    await client.execute(record, [name], { prepare: true, consistency: types.consistencies.quorum });
  }
}

async function madeSteps(client: Client): Promise<ReadonlySet<string>> {
  try {
    const rows = await rowsOf<{ name: string }>(client, 'SELECT name FROM migration', []);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (!isResponse(error, errorCodes.unauthorized)) throw error;
    throw new CassandraStartError('CASSANDRA_USERNAME: this login lacks SELECT and MODIFY on the keyspace');
  }
}

/** Changes the schema, and waits until all nodes agree on it. */
async function change(client: Client, cql: string): Promise<void> {
  try {
    const { info } = await client.execute(cql, [], { readTimeout: schemaTimeoutMs });
    // The driver's types leave it out.
    if ((info as { isSchemaInAgreement?: boolean }).isSchemaInAgreement) return;
  } catch (error) {
    if (!isResponse(error, errorCodes.unauthorized)) throw error;
    throw new CassandraStartError(
      'CASSANDRA_USERNAME: this login may not create the keyspace and its tables',
    );
  }
  throw new CassandraStartError('CASSANDRA_CONTACT_POINTS: the nodes do not agree on the schema');
}

async function rowsOf<Row>(client: Client, cql: string, values: unknown[]): Promise<Row[]> {
  const { rows } = await client.execute(cql, values, { prepare: true });
  return rows as unknown as Row[];
}
