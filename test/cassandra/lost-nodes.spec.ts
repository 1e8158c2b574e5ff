import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { CassandraCluster } from '../support/cassandra-cluster.js';
import { createKeyspace, type TestKeyspace } from '../support/cassandra.js';
import { type Call, everyMethod } from './every-method.js';
import { Load } from './load.js';
import { ask } from '../support/exchange.js';
import { credentials, TokenLife } from '../support/token-life.js';
import { askAxway, askForgeRock } from '../support/tokeninfo.js';
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
});

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

describe('endpoints while two nodes hang', () => {
  let life: TokenLife;
  beforeAll(async () => {
    life = await TokenLife.start({ settings: keyspace.settings });
  });
  afterAll(() => life.stop());

  /** The status of a request for token information. */
  const inspected = async (token: string) => (await askForgeRock(life.app, token)).status;

  it('answer 503 where they need the store, and are served again afterwards', async () => {
    const [cached, unseen, one, two, three] = await Promise.all(
      Array.from({ length: 5 }, () => life.login()),
    );
    expect(await inspected(cached.access)).toBe(200);
    const requests: Readonly<Record<string, () => Promise<{ readonly status: number }>>> = {
      'a client’s grant': () =>
        life.post('/oauth2/access_token', { grant_type: 'client_credentials', ...credentials('app') }),
      'a password grant': () =>
        life.post('/oauth2/access_token', {
          grant_type: 'password',
          username: 'ann',
          password: 'ann-password',
          ...credentials('app'),
        }),
      refresh: () => life.refresh(one.refresh),
      revocation: () => life.revoke(two.access),
      'revocation of a family': () => life.revoke(three.refresh),
      'Axway’s tokeninfo': () => askAxway(life.app, `access_token=${unseen.access}`),
      'ForgeRock’s tokeninfo': () => askForgeRock(life.app, unseen.access),
      introspection: () => life.post('/oauth2/introspect', { token: unseen.access, ...credentials('app') }),
      readiness: () => {
        life.app.clock.advance(1_000);
        return ask(life.app, { method: 'GET', path: '/readyz' });
      },
    };
    const statuses = async () => {
      const answers = Object.entries(requests).map(async ([name, request]) => [
        name,
        (await request()).status,
      ]);
      return Object.fromEntries(await Promise.all(answers)) as Record<string, number>;
    };
    const all = (status: number) => Object.fromEntries(Object.keys(requests).map((name) => [name, status]));
    await pausing([1, 3], async () => {
      expect(await statuses()).toEqual(all(503));
      expect(await inspected(cached.access)).toBe(200);
      expect(await ask(life.app, { method: 'GET', path: '/healthz' })).toMatchObject({ status: 200 });
    });
    while ((await inspected(unseen.access)) === 503);
    // What was presented may have been used before its answer was 503.
    const { refresh, ...others } = await statuses();
    expect(others).toEqual({ ...all(200), refresh: undefined });
    expect([200, 400]).toContain(refresh);
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
