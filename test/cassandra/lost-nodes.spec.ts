import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { CassandraCluster } from '../support/cassandra-cluster.js';
import { createKeyspace, type TestKeyspace } from '../support/cassandra.js';
import { type Call, everyMethod } from './every-method.js';
import { Load } from './load.js';
import { openSession, storageOn } from './opened-storage.js';
import { rounds } from './rounds.js';

/** How long no call of a store takes, in milliseconds. */
const boundMs = 3_000;

const nodes = [1, 2, 3];
/** The nodes that are lost, in this order. */
const lost = rounds < 100 ? [1, 2] : [1, 2, 3, 1, 2, 3];
let cluster: CassandraCluster;
let keyspace: TestKeyspace;
let session: CassandraSession;

beforeAll(async () => {
  // As often as this the nodes measure how long reads take, and which replica they take for slow.
  cluster = await CassandraCluster.start({ nodes: nodes.length, yaml: 'read_request_timeout: 1000ms' });
  keyspace = createKeyspace(cluster);
  session = await openSession(keyspace.settings);
  for (const call of Object.values(await everyMethod(storageOn(session)))) await call();
}, CassandraCluster.startTimeoutMs);
afterAll(async () => {
  await session?.close();
  await CassandraCluster.stopAll();
}, 60_000);

/** Uses a session that has run no statement yet. */
async function freshly(use: (fresh: CassandraSession) => Promise<void>): Promise<void> {
  const fresh = await openSession(keyspace.settings);
  try {
    await use(fresh);
  } finally {
    await fresh.close();
  }
}

/** Does some work while some nodes hang. */
async function pausing(hanging: readonly number[], work: () => Promise<void>): Promise<void> {
  for (const node of hanging) await cluster.pause(node);
  try {
    await work();
  } finally {
    for (const node of hanging) await cluster.resume(node);
  }
}

/** What becomes of a call in time: nothing, its error, or `late`. */
async function outcomeOf(call: Call): Promise<unknown> {
  const done = call().then(
    () => 'done',
    (error: unknown) => error,
  );
  // Timers fire in the order in which they are due: on a slow machine the store's own deadline is as late as this.
  return Promise.race([done, delay(boundMs, 'late', { ref: false })]);
}

async function outcomesOf(calls: Readonly<Record<string, Call>>): Promise<Record<string, unknown>> {
  const entries = Object.entries(calls).map(async ([name, call]) => [name, await outcomeOf(call)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The same outcome of every one of these calls. */
function each(calls: Readonly<Record<string, Call>>, outcome: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.keys(calls).map((name) => [name, outcome]));
}

describe('a node that hangs', () => {
  it.each(nodes)('is noticed in no method (node %i)', async (node) => {
    const stores = storageOn(session);
    const calls = await everyMethod(stores);
    await pausing([node], async () => {
      expect(await outcomesOf(calls)).toEqual(each(calls, 'done'));
    });
  });

  it.each(nodes)('is noticed in no method that is called for the first time (node %i)', async (node) => {
    await freshly(async (fresh) => {
      const calls = await everyMethod(storageOn(fresh), storageOn(session));
      await pausing([node], async () => {
        expect(await outcomesOf(calls)).toEqual(each(calls, 'done'));
      });
    });
  });
});

describe('two nodes that hang', () => {
  it('make every method unavailable', async () => {
    const calls = await everyMethod(storageOn(session));
    await pausing([1, 2], async () => {
      expect(await outcomesOf(calls)).toEqual(each(calls, expect.any(StoreUnavailable)));
    });
  });

  it('make every method unavailable that is called for the first time', async () => {
    await freshly(async (fresh) => {
      const calls = await everyMethod(storageOn(fresh), storageOn(session));
      await pausing([2, 3], async () => {
        expect(await outcomesOf(calls)).toEqual(each(calls, expect.any(StoreUnavailable)));
      });
    });
  });
});

describe('nodes that are lost and come back, one after the other', () => {
  it('make no answer wrong, and break no promise', async () => {
    const load = new Load(storageOn(session));
    try {
      await load.goesOn(rounds);
      for (const node of lost) {
        await cluster.kill(node);
        await load.goesOn(5 * rounds);
        // One of them stays away.
        if (node !== lost.at(-1)) await cluster.restart(node);
        await load.goesOn(rounds);
      }
    } finally {
      await load.stop();
    }
    expect(load.faults).toEqual([]);
    expect(await load.review()).toEqual({ promises: expect.any(Number), broken: 0 });
  }, 600_000);
});
