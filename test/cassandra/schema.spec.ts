import type { Client } from 'cassandra-driver';
import { CassandraStartError } from '../../src/storage/cassandra/cluster-errors.js';
import { openCassandra } from '../../src/storage/cassandra/open.js';
import { openKeyspace, type SchemaReport } from '../../src/storage/cassandra/schema.js';
import { connectTo, createKeyspace, testCassandra, type TestKeyspace } from '../support/cassandra.js';
import { clusterConfig } from './opened-storage.js';

type Settings = Readonly<Record<string, string>>;

const keyspace = createKeyspace();
const { datacenter } = testCassandra;
let client: Client;

beforeAll(async () => {
  client = await connectTo(testCassandra);
});
afterAll(async () => {
  await client.shutdown();
  await keyspace.drop();
});

/** Opens the keyspace of these settings, and closes it again. Returns what the operator is told. */
async function opened(
  settings: Settings,
  inTurn = (work: () => Promise<void>) => work(),
): Promise<SchemaReport> {
  let report: SchemaReport = {};
  const session = await openCassandra({
    config: clusterConfig(settings),
    connectAttempts: 1,
    inTurn,
    onReport: (made) => (report = made),
  });
  await session.close();
  return report;
}

async function tables(name: string): Promise<Record<string, number>> {
  const cql = 'SELECT table_name, gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = ?';
  const { rows } = await client.execute(cql, [name], { prepare: true });
  return Object.fromEntries(rows.map((row) => [row.get('table_name'), row.get('gc_grace_seconds')]));
}

const all = { access_token: 10_800, user_token: 10_800, refresh_token: 10_800, token_family: 10_800 };

describe('the first start', () => {
  it('of two servers at once makes the keyspace and its tables once', async () => {
    let before: Promise<void> = Promise.resolve();
    const inTurn = (work: () => Promise<void>) => (before = before.then(work));
    const reports = await Promise.all([opened(keyspace.settings, inTurn), opened(keyspace.settings, inTurn)]);
    expect(reports).toEqual([{}, {}]);
    expect(await tables(keyspace.name)).toMatchObject(all);
    const { rows } = await client.execute(`SELECT name FROM ${keyspace.name}.migration`);
    expect(rows.map((row) => row.get('name'))).toEqual(['0001-tokens']);
  });

  it('goes on where one was broken off, and leaves as it is what an operator has altered', async () => {
    await client.execute(`DROP TABLE ${keyspace.name}.user_token`);
    await client.execute(`TRUNCATE ${keyspace.name}.migration`);
    await client.execute(`ALTER TABLE ${keyspace.name}.access_token WITH gc_grace_seconds = 864000`);
    await opened({ ...keyspace.settings, CASSANDRA_REPLICATION: '' });
    expect(await tables(keyspace.name)).toMatchObject({ ...all, access_token: 864_000 });
  });
});

describe('a start is refused in a sentence that names the setting', () => {
  const unmade = createKeyspace();
  const elsewhere = createKeyspace();
  beforeAll(() => makeKeyspace(elsewhere, `{'class': 'SimpleStrategy', 'replication_factor': 2}`));
  afterAll(() => elsewhere.drop());

  async function makeKeyspace({ name }: TestKeyspace, replication: string): Promise<void> {
    await client.execute(`CREATE KEYSPACE ${name} WITH replication = ${replication}`);
  }

  it.each<[string, Settings, string]>([
    [
      'where nobody is there',
      { CASSANDRA_CONTACT_POINTS: '127.0.0.9:1' },
      'CASSANDRA_CONTACT_POINTS: no node answers (ECONNREFUSED)',
    ],
    [
      'where no name is known',
      { CASSANDRA_CONTACT_POINTS: 'nowhere.invalid' },
      'CASSANDRA_CONTACT_POINTS: no node answers (NoHostAvailableError)',
    ],
    [
      'for a datacenter that is not there',
      { CASSANDRA_LOCAL_DATACENTER: 'moon' },
      `CASSANDRA_LOCAL_DATACENTER: the cluster has ${datacenter} instead`,
    ],
    [
      'without a keyspace, and without leave to create one',
      { CASSANDRA_REPLICATION: '' },
      'CASSANDRA_KEYSPACE: there is no such keyspace; create it, or set CASSANDRA_REPLICATION',
    ],
    [
      'for copies in a datacenter that is not there',
      { CASSANDRA_REPLICATION: `${datacenter}:1,moon:3` },
      `CASSANDRA_REPLICATION: the cluster has the datacenters ${datacenter}`,
    ],
    [
      'to a server that does not speak TLS',
      { CASSANDRA_TLS_CA_FILE: 'test/support/tls-test-certificate.pem' },
      'CASSANDRA_CONTACT_POINTS: no node answers (ERR_SSL_WRONG_VERSION_NUMBER)',
    ],
  ])('%s', async (_, settings, sentence) => {
    await expect(opened({ ...unmade.settings, ...settings })).rejects.toEqual(
      new CassandraStartError(sentence),
    );
    expect(await tables(unmade.name)).toEqual({});
  });

  it('for a keyspace without copies in the datacenter', async () => {
    const config = { ...clusterConfig(keyspace.settings), localDatacenter: 'moon' };
    await expect(openKeyspace(client, config)).rejects.toEqual(
      new CassandraStartError(
        'CASSANDRA_LOCAL_DATACENTER: the keyspace of CASSANDRA_KEYSPACE has no copies in that datacenter',
      ),
    );
  });

  it('but not for one whose strategy knows no datacenters: of its few copies the operator is warned', async () => {
    expect(await opened(elsewhere.settings)).toEqual({ fewCopies: 2 });
  });
});
