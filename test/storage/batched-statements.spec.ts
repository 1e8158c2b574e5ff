import { randomUUID } from 'node:crypto';
import { hashToken } from '../../src/domain/access-token.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { Database } from '../../src/storage/postgres/database.js';
import type { Statement } from '../../src/storage/postgres/statement.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { Wire } from '../support/wire.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, anOwner, Subjects } from './subjects.js';

/** Records how many items each statement had, and the most statements that were under way at once. */
class WatchedDatabase extends Database {
  sizes: number[] = [];
  most = 0;
  private underWay = 0;

  override read<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return this.watch(values, () => super.read(statement, values));
  }

  override write(statement: Statement, values: unknown[]): Promise<number> {
    return this.watch(values, () => super.write(statement, values));
  }

  private async watch<Result>([column]: unknown[], work: () => Promise<Result>): Promise<Result> {
    this.sizes.push((column as unknown[]).length);
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      return await work();
    } finally {
      this.underWay -= 1;
    }
  }
}

let running: RunningDatabase;
/** Connections other than the store's. */
let others: Database;
let wire: Wire;
let database: WatchedDatabase;
let store: PostgresAccessTokenStore;
let directory: PostgresDirectory;

beforeAll(async () => {
  running = await startDatabase();
  others = await openDatabase(patientOptions(running.connection));
  wire = await Wire.to(running.connection);
  const options = patientOptions(wire.through(running.connection));
  database = new WatchedDatabase(await openDataSource(options), { namedStatements: onServer });
});

beforeEach(() => {
  store = new PostgresAccessTokenStore(database, new RecordedChanges());
  directory = new PostgresDirectory(database);
  database.sizes = [];
  database.most = 0;
});

afterAll(async () => {
  await database.dataSource.destroy();
  await wire.close();
  await others.dataSource.destroy();
  await running.stop();
});

function tokens(count: number) {
  return Array.from({ length: count }, () => aToken());
}

/** Whether another connection sees a token's row. */
async function isThere({ hash }: { hash: Buffer }): Promise<boolean> {
  const rows: unknown[] = await others.dataSource.query('SELECT FROM access_token WHERE hash = $1', [hash]);
  return rows.length === 1;
}

describe('tokens that are inserted at the same time', () => {
  const stored = aToken();
  beforeAll(() => new PostgresAccessTokenStore(others, new RecordedChanges()).insert(stored));

  it('share a statement, and are stored when their callers get an answer', async () => {
    const all = tokens(50);
    const seen = await Promise.all(all.map((token) => store.insert(token).then(() => isThere(token))));
    expect(seen).toEqual(all.map(() => true));
    expect(database.sizes).toEqual([50]);
  });

  it('are inserted with at most 1000 per statement and two statements at once', async () => {
    const all = tokens(2500);
    await Promise.all(all.map((token) => store.insert(token)));
    expect(database.sizes).toEqual([1000, 1000, 500]);
    expect(database.most).toBe(2);
  });

  it.each<[string, string, (all: ReturnType<typeof tokens>) => void]>([
    ['one that is already stored', '23505', (all) => (all[30] = { ...all[30], hash: stored.hash })],
    ['one that occurs twice among them', '23505', (all) => (all[30] = { ...all[30], hash: all[4].hash })],
    ['a name that is not valid text', '22021', (all) => (all[30] = { ...all[30], username: 'a\0b' })],
    ['a number that is too large', '22003', (all) => (all[30] = { ...all[30], authLevel: 2 ** 31 })],
  ])('do not fail because of one that is refused: %s', async (_, code, spoil) => {
    const all = tokens(50);
    spoil(all);
    const outcomes = await Promise.allSettled(all.map((token) => store.insert(token)));
    const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason);
    expect(reasons[30]).toMatchObject({ code });
    expect(reasons.filter((reason) => reason !== false)).toHaveLength(1);
    for (const [index, token] of all.entries()) if (index !== 30) expect(await isThere(token)).toBe(true);
  });

  it('all fail when the database is unreachable, and none is stored', async () => {
    await wire.refuse();
    const all = tokens(50);
    const outcomes = await Promise.allSettled(all.map((token) => store.insert(token)));
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    }
    await wire.restore();
    for (const token of all) expect(await isThere(token)).toBe(false);
    await store.insert(all[0]);
    expect(await isThere(all[0])).toBe(true);
  });
});

describe('tokens that are looked up at the same time', () => {
  it('share statements for 500 each, four at once, and each caller gets its own token', async () => {
    const all = tokens(700);
    await Promise.all(all.map((token) => store.insert(token)));
    database.sizes = [];
    const asked = all.flatMap((token) => [token, aToken(), token]);
    const found = await Promise.all(asked.map(async ({ hash }) => store.find(hash)));
    expect(found).toEqual(all.map(factsOf).flatMap((token) => [token, undefined, token]));
    expect(database.sizes).toEqual([500, 500, 500, 500, 100]);
    expect(database.most).toBe(4);
  });

  it('are not found by a hash of another length, which does not affect the other lookups', async () => {
    const token = aToken();
    await store.insert(token);
    const hashes = [hashToken(randomUUID()), Buffer.alloc(0), token.hash, token.hash.subarray(1)];
    expect(await Promise.all(hashes.map(async (hash) => store.find(hash)))).toEqual([
      undefined,
      undefined,
      factsOf(token),
      undefined,
    ]);
  });
});

describe('subjects that are looked up at the same time', () => {
  const names = Array.from({ length: 600 }, (_, index) => `name-${index}`);
  let realm: string;
  beforeAll(async () => {
    const subjects = new Subjects(
      new PostgresDirectory(others),
      new PostgresDirectoryWriter(others, new RecordedChanges()),
    );
    realm = await subjects.addRealm();
    const changes = names.flatMap((name) => [
      { effect: 'add', client: aClient(realm, { clientId: name }) } as const,
      { effect: 'add', resourceOwner: anOwner(realm, { username: name }) } as const,
    ]);
    await subjects.make(...changes);
  });

  it('share statements, and each caller gets its own subject', async () => {
    const asked = names.flatMap((name) => [name, `${name}-not`, name]);
    const clients = await Promise.all(asked.map((name) => directory.findClient(realm, name)));
    expect(clients.map((client) => client?.clientId)).toEqual(names.flatMap((n) => [n, undefined, n]));
    const owners = await Promise.all(asked.map((name) => directory.findResourceOwner(realm, name)));
    expect(owners.map((owner) => owner?.username)).toEqual(names.flatMap((n) => [n, undefined, n]));
    const realms = await Promise.all([realm, `${realm}/not`, '/'].map((path) => directory.findRealm(path)));
    expect(realms.map((found) => found?.path)).toEqual([realm, undefined, '/']);
    expect(database.sizes).toEqual([500, 500, 500, 300, 500, 500, 500, 300, 3]);
  });

  it.each<[string, (name: string) => Promise<{ epoch: number } | undefined>, () => string]>([
    ['realm', (name) => directory.findRealm(name), () => realm],
    ['client', (name) => directory.findClient(realm, name), () => 'name-7'],
    ['realm of a client', (name) => directory.findClient(name, 'name-7'), () => realm],
    ['resource owner', (name) => directory.findResourceOwner(realm, name), () => 'name-7'],
  ])('are found beside one whose name is not valid text: %s', async (_, find, good) => {
    const asked = [good(), 'a\0b', good(), 'nobody'];
    const [first, bad, second, nobody] = await Promise.allSettled(asked.map(find));
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: '22021' } });
    const found = { status: 'fulfilled', value: { epoch: expect.any(Number) } };
    expect([first, second]).toMatchObject([found, found]);
    expect(nobody).toEqual({ status: 'fulfilled', value: undefined });
  });
});
