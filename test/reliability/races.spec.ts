import { racesContract } from '../cassandra/races.contract.js';
import { CassandraCluster } from '../support/cassandra-cluster.js';
import { createKeyspace, type TestKeyspace } from '../support/cassandra.js';

// v1 is Cassandra's default: it is slower, but must not be wrong.
describe.each(['v2', 'v1'] as const)('with Paxos %s, a race', (paxosVariant) => {
  let keyspace: TestKeyspace;
  beforeAll(async () => {
    const cluster = await CassandraCluster.start({ nodes: 3, paxosVariant });
    keyspace = createKeyspace(cluster);
  }, CassandraCluster.startTimeoutMs);
  afterAll(() => CassandraCluster.stopAll());

  racesContract(() => keyspace);
});
