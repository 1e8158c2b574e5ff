import { randomBytes } from 'node:crypto';
import type { Client, ClientOptions } from 'cassandra-driver';

/** A running cluster of Apache Cassandra. */
export interface Cassandra {
  /** `host:port` of every node. */
  readonly contactPoints: readonly string[];
  readonly datacenter: string;
}

/** A keyspace for one test, and the settings that name it. The store creates it; until then it is not there. */
export interface TestKeyspace {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const { TEST_CASSANDRA = '', TEST_CASSANDRA_DATACENTER = 'datacenter1', TEST_TOKEN_STORE } = process.env;

/** The cluster that `TEST_CASSANDRA` names, node by node. No test may pause it, stop it or change its settings. */
export const testCassandra: Cassandra = {
  contactPoints: TEST_CASSANDRA.split(',').filter((node) => node !== ''),
  datacenter: TEST_CASSANDRA_DATACENTER,
};

/** Whether `TEST_CASSANDRA` names a cluster. */
export const onCassandra = testCassandra.contactPoints.length > 0;

/** Whether the servers of all tests keep their tokens in Cassandra, except where a test says where. */
export const tokensInCassandra = TEST_TOKEN_STORE === 'cassandra';

/** Most copies of a keyspace that a test gets. */
const maxCopies = 3;

/** A keyspace that nobody else uses, with a copy on each of the cluster's nodes, but at most three. */
export function createKeyspace(cassandra: Cassandra = testCassandra): TestKeyspace {
  const name = `t_${randomBytes(6).toString('hex')}`;
  return {
    name,
    settings: settingsOf(cassandra, name),
    async drop() {
      const client = await connectTo(cassandra);
      try {
        await client.execute(`DROP KEYSPACE IF EXISTS ${name}`);
      } finally {
        await client.shutdown();
      }
    },
  };
}

/**
 * The keyspace that all test files of a run share, and that is there already: to make one takes seconds.
 * @param cassandra another way to the cluster of `TEST_CASSANDRA`
 */
export function sharedKeyspace(cassandra: Cassandra = testCassandra): Omit<TestKeyspace, 'drop'> {
  const { TEST_CASSANDRA_KEYSPACE: name = '' } = process.env;
  return { name, settings: settingsOf(cassandra, name) };
}

function settingsOf({ contactPoints, datacenter }: Cassandra, keyspace: string): TestKeyspace['settings'] {
  if (contactPoints.length === 0) throw new Error('TEST_CASSANDRA names no cluster');
  return {
    TOKEN_STORE: 'cassandra',
    CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
    CASSANDRA_LOCAL_DATACENTER: datacenter,
    CASSANDRA_KEYSPACE: keyspace,
    CASSANDRA_REPLICATION: `${datacenter}:${Math.min(contactPoints.length, maxCopies)}`,
  };
}

/**
 * A client of the cluster itself, for what the store does not do. It waits for slow answers. The driver is loaded here
 * alone: every test of an application imports this file, and most of them know no cluster.
 * @param options replace its own
 */
export async function connectTo(
  { contactPoints, datacenter }: Cassandra,
  options: Partial<ClientOptions> = {},
): Promise<Client> {
  const { Client: CassandraClient } = await import('cassandra-driver');
  const client = new CassandraClient({
    contactPoints: [...contactPoints],
    localDataCenter: datacenter,
    protocolOptions: { port: Number(contactPoints[0].split(':')[1]) },
    socketOptions: { readTimeout: 20_000 },
    ...options,
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown();
    throw error;
  }
}
