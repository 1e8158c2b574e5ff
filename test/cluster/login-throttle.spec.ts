import type { Admission, AttemptOutcome } from '../../src/domain/login-throttle.js';
import type { Realm } from '../../src/domain/realm.js';
import { Database } from '../../src/storage/postgres/database.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { PostgresLoginThrottle } from '../../src/storage/postgres/login-throttle.js';
import { patientOptions } from '../storage/running-database.js';
import { aRealm } from '../storage/subjects.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { StoppedClock } from '../support/stopped-clock.js';

const realm: Realm = { ...aRealm({ path: '/' }), epoch: 1 };
const limits = { attempts: 10, attemptsOfUser: 100, backoffMs: 900_000, waiting: 1000, timeoutMs: 10_000 };

/** Two nodes share a PostgreSQL server. Without one, the same rules are tested in test/storage/login-throttle.spec.ts. */
(canStartServers ? describe : describe.skip)('two nodes', () => {
  let server: PostgresServer;
  let databases: Database[];
  let nodes: PostgresLoginThrottle[];

  beforeAll(async () => {
    server = await PostgresServer.start();
    const clock = new StoppedClock();
    databases = [];
    for (let node = 0; node < 2; node += 1) {
      const dataSource = await openDataSource(patientOptions({ url: server.url() }));
      databases.push(new Database(dataSource, { namedStatements: true }));
    }
    nodes = databases.map((database) => new PostgresLoginThrottle(database, clock, limits));
  });
  afterAll(async () => {
    for (const { dataSource } of databases) await dataSource.destroy();
    await server.stop();
  });

  /** Makes an attempt at a node, and ends it a little later if it is admitted. */
  async function attempt(
    node: number,
    outcome: AttemptOutcome,
    name: string,
    address: string,
  ): Promise<Admission['outcome']> {
    const admission = await nodes[node % 2].admit(realm, { kind: 'user', name }, address);
    if (admission.outcome === 'admitted') {
      await new Promise(setImmediate);
      await admission.settle(outcome);
    }
    return admission.outcome;
  }

  const rounds = Array.from({ length: 10 }, (_, round) => `round-${round}`);

  it('admit exactly 10 of 50 wrong attempts at once, and all of 50 right ones', async () => {
    for (const name of rounds) {
      const at = (outcome: AttemptOutcome, subject: string) =>
        Promise.all(Array.from({ length: 50 }, (_, n) => attempt(n, outcome, subject, '192.0.2.1')));
      const [wrong, right] = await Promise.all([at('wrong', name), at('right', `right-${name}`)]);
      expect(wrong.filter((outcome) => outcome === 'admitted')).toHaveLength(10);
      expect(new Set(right)).toEqual(new Set(['admitted']));
    }
  });

  it('count what the other has refused', async () => {
    for (let n = 0; n < 10; n += 1) expect(await attempt(n, 'wrong', 'shared', '192.0.2.1')).toBe('admitted');
    expect(await attempt(0, 'right', 'shared', '192.0.2.1')).toBe('address');
    expect(await attempt(1, 'right', 'shared', '192.0.2.1')).toBe('address');
  });

  it('end many attempts at many users from many addresses without a deadlock, and leave nothing pending', async () => {
    const outcomes: AttemptOutcome[] = ['right', 'wrong', 'withdrawn'];
    await Promise.all(
      Array.from({ length: 600 }, (_, n) =>
        attempt(n, outcomes[n % 3], `user-${n % 7}`, `198.51.100.${(n * 31) % 40}`),
      ),
    );
    const [{ pending }] = await server.sql(
      'postgres',
      'SELECT sum(pending)::int AS pending FROM login_attempt',
    );
    expect(pending).toBe(0);
    const [{ deadlocks }] = await server.sql(
      'postgres',
      `SELECT deadlocks::int FROM pg_stat_database WHERE datname = 'postgres'`,
    );
    expect(deadlocks).toBe(0);
  });
});
