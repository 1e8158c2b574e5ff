import { type Client, errors, policies, types } from 'cassandra-driver';
import { connectTo, createKeyspace, testCassandra } from '../support/cassandra.js';
import { CqlWires, type Loss } from '../support/cql-wires.js';

const keyspace = createKeyspace();
let wires: CqlWires;
/** Reaches the nodes over the wires, and repeats nothing. */
let client: Client;
/** Reaches them directly. */
let observer: Client;

beforeAll(async () => {
  wires = await CqlWires.to(testCassandra);
  observer = await connectTo(testCassandra);
  const replication = `{'class': 'SimpleStrategy', 'replication_factor': ${wires.contactPoints.length}}`;
  await observer.execute(`CREATE KEYSPACE ${keyspace.name} WITH replication = ${replication}`);
  await observer.execute(`CREATE TABLE ${keyspace.name}.entry (id text PRIMARY KEY, value int, note text)`);
  // It is told of one wire, and finds the others.
  const [contactPoint] = wires.contactPoints;
  client = await connectTo(
    { datacenter: wires.datacenter, contactPoints: [contactPoint] },
    {
      keyspace: keyspace.name,
      socketOptions: { readTimeout: 1_000 },
      policies: {
        addressResolution: wires.addressResolution,
        retry: new policies.retry.FallthroughRetryPolicy(),
      },
    },
  );
});

afterAll(async () => {
  await client.shutdown();
  await observer.shutdown();
  await wires.close();
  await keyspace.drop();
});

const insert = 'INSERT INTO entry (id, value) VALUES (?, 1) IF NOT EXISTS';
const update = 'UPDATE entry SET note = ? WHERE id = ?';
const batch = (id: string) => [
  { query: update, params: [null, id] },
  { query: insert, params: [id] },
];

/** How the driver may send a lightweight transaction. */
const ways: Readonly<Record<string, (id: string) => Promise<types.ResultSet>>> = {
  statement: (id) => client.execute(insert, [id]),
  'prepared statement': (id) => client.execute(insert, [id], { prepare: true }),
  batch: (id) => client.batch(batch(id), { logged: false }),
  'prepared batch': (id) => client.batch(batch(id), { logged: false, prepare: true }),
};

/** What the driver makes of each loss. */
const losses: Readonly<Record<Loss, unknown>> = {
  cut: expect.objectContaining({ isSocketError: true }),
  swallowed: expect.any(errors.OperationTimedOutError),
  'timed out': expect.objectContaining({ code: types.responseErrorCodes.writeTimeout, writeType: 'CAS' }),
};

/** The value of a row, once every lightweight transaction on it is over. */
async function valueOf(id: string): Promise<unknown> {
  const select = `SELECT value FROM ${keyspace.name}.entry WHERE id = ?`;
  const { rows } = await observer.execute(select, [id], { consistency: types.consistencies.serial });
  return rows[0]?.value;
}

it('lead to every node', () => {
  expect(client.hosts.keys().sort()).toEqual([...wires.contactPoints].sort());
});

describe.each(Object.keys(ways))('the answer to a %s', (way) => {
  it.each(Object.keys(losses) as Loss[])('is %s after the node has run it', async (loss) => {
    const id = `${way}, ${loss}`;
    const lost = wires.loseAnswer(/IF NOT EXISTS$/, loss);
    const outcome = await ways[way](id).catch((error: unknown) => error);
    expect(outcome).toEqual(losses[loss]);
    await lost;
    expect(await valueOf(id)).toBe(1);
    // The next answer arrives.
    expect((await ways[way](id)).wasApplied()).toBe(false);
  });
});

it('lose no answer to another statement, nor to its preparation', async () => {
  const statement = "INSERT INTO entry (id, value) VALUES ('prepared', ?)";
  const lost = wires.loseAnswer(/VALUES \('prepared'/, 'cut');
  await client.execute(update, ['note', 'other'], { prepare: true });
  // With less, the node's answer would not say that the next read finds the row.
  const options = { prepare: true, consistency: types.consistencies.quorum };
  await expect(client.execute(statement, [7], options)).rejects.toEqual(losses.cut);
  await lost;
  expect(await valueOf('prepared')).toBe(7);
});
