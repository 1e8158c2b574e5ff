import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { DatabaseCheck } from '../../src/storage/postgres/database-check.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { Wire } from '../support/wire.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, aRealm } from './subjects.js';
import { byTester } from '../support/audit.js';

const poolSize = 4;
const token = aToken();
const unavailable: unknown = expect.any(StoreUnavailable);

let running: RunningDatabase;
let wire: Wire;
let database: Database;
let store: PostgresAccessTokenStore;
let writer: PostgresDirectoryWriter;

beforeAll(async () => {
  running = await startDatabase();
  // The first connection to an embedded database takes the longest, and is not what is tested here.
  const first = await openDatabase(patientOptions(running.connection));
  await first.dataSource.destroy();
  wire = await Wire.to(running.connection);
  database = await start();
  store = new PostgresAccessTokenStore(database, new RecordedChanges());
  writer = new PostgresDirectoryWriter(database, new RecordedChanges());
  await store.insert(token);
});

// Leaves every connection of the pool open and idle.
beforeEach(() => inParallel(poolSize));

// Whatever has happened, the next read succeeds.
afterEach(async () => {
  expect(await find()).toEqual(factsOf(token));
});

afterAll(async () => {
  await database.dataSource.destroy();
  await wire.close();
  await running.stop();
});

/** Connects through the wire, with the application's own limits. */
function start(): Promise<Database> {
  return openDatabase(dataSourceOptions(wire.through(running.connection), poolSize));
}

async function find() {
  return store.find(token.hash);
}

/** Makes this many reads at the same time, and resolves with the result or error of each. */
function inParallel(reads: number): Promise<unknown[]> {
  return Promise.all(Array.from({ length: reads }, () => find().catch((error: unknown) => error)));
}

describe('a database that refuses connections causes StoreUnavailable', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['AccessTokenStore.insert', () => store.insert(aToken())],
    ['AccessTokenStore.find', find],
    ['Directory.findRealm', () => new PostgresDirectory(database).findRealm('/')],
    ['Directory.findClient', () => new PostgresDirectory(database).findClient('/', 'c')],
    ['Directory.findResourceOwner', () => new PostgresDirectory(database).findResourceOwner('/', 'o')],
    ['DirectoryWriter.state', () => writer.state()],
    ['DirectoryWriter.apply', () => writer.apply([], { revision: 0 }, byTester)],
    ['DirectoryWriter.sharedNames', () => writer.sharedNames(undefined)],
    ['DirectoryWriter.clientsNamedLikeUsers', () => writer.clientsNamedLikeUsers(undefined)],
    ['the readiness check', () => new DatabaseCheck(database).problem()],
    ['a start', () => start()],
  ])('in %s', async (_, act) => {
    await wire.refuse();
    await expect(act()).rejects.toEqual(unavailable);
    await wire.restore();
  });
});

describe('connections that are lost', () => {
  it('within a query: the read throws StoreUnavailable, or is tried again', async () => {
    wire.hang();
    const outcomes = inParallel(poolSize);
    wire.drop();
    await wire.restore();
    for (const outcome of await outcomes) expect([factsOf(token), unavailable]).toContainEqual(outcome);
  });

  it('within a write: it throws StoreUnavailable, since nobody knows whether it was committed', async () => {
    wire.hang();
    const outcome = expect(store.insert(aToken())).rejects.toEqual(unavailable);
    wire.drop();
    await wire.restore();
    await outcome;
  });

  it('all at once, while idle: the next read succeeds', async () => {
    wire.drop();
    expect(await find()).toEqual(factsOf(token));
  });

  it('unnoticed, while idle: the next read succeeds', async () => {
    wire.forget();
    expect(await find()).toEqual(factsOf(token));
  });

  it('within DirectoryWriter.apply: it throws StoreUnavailable, and none of its changes are made', async () => {
    const state = await writer.state();
    const realm = aRealm();
    const clients = Array.from({ length: 50 }, (_, i) => aClient(realm.path, { clientId: `client-${i}` }));
    wire.dropAfter(25);
    const changes = clients.map((client) => ({ effect: 'add', client }) as const);
    const attempt = writer.apply([{ effect: 'add', realm }, ...changes], state, byTester);
    await expect(attempt).rejects.toEqual(unavailable);
    await inParallel(poolSize);
    expect(await writer.state()).toEqual(state);
    expect(await new PostgresDirectory(database).findRealm(realm.path)).toBeUndefined();
  });
});

describe('a database that hangs causes StoreUnavailable', () => {
  // An operation may take 3 s; the rest is for a busy machine.
  const timeoutMs = 6000;
  afterEach(() => wire.restore());

  it(
    'in reads on every connection of the pool, and in all reads that wait for one',
    () => {
      wire.hang();
      return expect(inParallel(3 * poolSize)).resolves.toEqual(Array(3 * poolSize).fill(unavailable));
    },
    timeoutMs,
  );

  it(
    'in an insert',
    () => {
      wire.hang();
      return expect(store.insert(aToken())).rejects.toEqual(unavailable);
    },
    timeoutMs,
  );

  it(
    'in a start',
    () => {
      wire.hang();
      return expect(start()).rejects.toEqual(unavailable);
    },
    timeoutMs,
  );
});

it('throws StoreUnavailable when no connection of the pool becomes free', async () => {
  const runners = Array.from({ length: poolSize }, () => database.dataSource.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await expect(find()).rejects.toEqual(unavailable);
  await Promise.all(runners.map((runner) => runner.release()));
});

it('does not report other errors as StoreUnavailable', async () => {
  await expect(store.insert(token)).rejects.not.toEqual(unavailable);
  const statement = { name: 'mistake', text: 'SELECT nothing FROM nowhere' };
  await expect(database.read(statement, [])).rejects.not.toEqual(unavailable);
  const orphan = { effect: 'add', client: aClient('/none') } as const;
  await expect(writer.apply([orphan], await writer.state(), byTester)).rejects.not.toEqual(unavailable);
  const nobody = { effect: 'update', client: aClient('/', { clientId: 'nobody' }) } as const;
  await expect(writer.apply([nobody], await writer.state(), byTester)).rejects.not.toEqual(unavailable);
});

(onServer ? it : it.skip)('continues after the server has ended all connections', async () => {
  const { dataSource } = await openDatabase(patientOptions(running.connection));
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  for (let round = 0; round < 20; round += 1) {
    await inParallel(poolSize);
    await dataSource.query(end);
    expect(await find()).toEqual(factsOf(token));
  }
  await dataSource.destroy();
});
