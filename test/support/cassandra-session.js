/** @param {string} file */
const built = (file) => import(new URL(`../../dist/src/${file}.js`, import.meta.url).href);

/**
 * Opens a keyspace as a server does, and makes it where it is missing. What is built is used: jest's setup has no types.
 * @param {string} nodes `host:port,…`
 * @param {string} keyspace
 */
export async function openSession(nodes, keyspace) {
  const { readConfig } = await built('config/config');
  const { openCassandra } = await built('storage/cassandra/open');
  const { TEST_CASSANDRA_DATACENTER: datacenter = 'datacenter1' } = process.env;
  const copies = Math.min(nodes.split(',').length, 3);
  const { cassandra: config } = readConfig({
    TOKEN_STORE: 'cassandra',
    CASSANDRA_CONTACT_POINTS: nodes,
    CASSANDRA_LOCAL_DATACENTER: datacenter,
    CASSANDRA_KEYSPACE: keyspace,
    CASSANDRA_REPLICATION: `${datacenter}:${copies}`,
  });
  if (!config) throw new Error('The settings name no cluster.');
  return openCassandra({ config, connectAttempts: 1, inTurn: (/** @type {() => unknown} */ work) => work() });
}
