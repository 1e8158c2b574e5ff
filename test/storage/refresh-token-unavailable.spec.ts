import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { DatabaseCheck } from '../../src/storage/postgres/database-check.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { factsOf } from './access-token-store.contract.js';
import { Wire } from '../support/wire.js';
import { aFamily, aRotation, type TokenStores } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { byClient } from '../support/audit.js';

const unavailable: unknown = expect.any(StoreUnavailable);

let running: RunningDatabase;
let wire: Wire;
let direct: Database;
let broken: Database;
let store: PostgresRefreshTokenStore;
let stores: TokenStores;

beforeAll(async () => {
  running = await startDatabase();
  direct = await openDatabase(patientOptions(running.connection));
  stores = {
    accessTokens: new PostgresAccessTokenStore(direct, new RecordedChanges()),
    refreshTokens: new PostgresRefreshTokenStore(direct, new RecordedChanges()),
  };
  wire = await Wire.to(running.connection);
  broken = await openDatabase(dataSourceOptions(wire.through(running.connection), 1));
  store = new PostgresRefreshTokenStore(broken, new RecordedChanges());
});

// Leaves the one connection of the pool open and idle.
beforeEach(() => new DatabaseCheck(broken).problem());

afterAll(async () => {
  await Promise.all([direct.dataSource.destroy(), broken.dataSource.destroy()]);
  await wire.close();
  await running.stop();
});

/** Which parts of a rotation are stored: the use, the access token, the successor. */
async function traces({ presented, accessToken, successor }: ReturnType<typeof aRotation>) {
  const first = await stores.refreshTokens.find(presented.hash);
  const access = await stores.accessTokens.find(accessToken.hash);
  const next = await stores.refreshTokens.find(successor.hash);
  return [first?.usedAt !== undefined, access !== undefined, next !== undefined];
}

describe('a connection that is lost within', () => {
  it.each([1, 2, 3, 4, 5])('a rotation, after %i statements: nothing of it is stored', async (statements) => {
    const { first } = await aFamily(stores);
    const rotation = aRotation(first);
    wire.dropAfter(statements);
    await expect(store.rotate(rotation)).rejects.toEqual(unavailable);
    expect(await traces(rotation)).toEqual([false, false, false]);
    expect(await stores.refreshTokens.rotate(rotation)).toBe(true);
  });

  it('the commit of a rotation: all of it is stored, or nothing', async () => {
    const { first } = await aFamily(stores);
    const rotation = aRotation(first);
    wire.dropAfter(6);
    await expect(store.rotate(rotation)).rejects.toEqual(unavailable);
    // The next rotation waits for the outcome of this one.
    const used = !(await stores.refreshTokens.rotate(aRotation(first)));
    expect(await traces(rotation)).toEqual([true, used, used]);
  });

  it.each([1, 2, 3, 4])('a revocation, after %i statements: the family is unchanged', async (statements) => {
    const { first, access } = await aFamily(stores);
    wire.dropAfter(statements);
    await expect(store.revokeFamily(first.family, byClient)).rejects.toEqual(unavailable);
    expect(await stores.refreshTokens.find(first.hash)).toEqual(first);
    expect(await stores.accessTokens.find(access.hash)).toEqual(factsOf(access));
  });
});

it('every method throws StoreUnavailable when the database refuses connections', async () => {
  const { first, access } = await aFamily(stores);
  await wire.refuse();
  await expect(store.begin(first, access)).rejects.toEqual(unavailable);
  await expect(store.find(first.hash)).rejects.toEqual(unavailable);
  await expect(store.rotate(aRotation(first))).rejects.toEqual(unavailable);
  await expect(store.revokeFamily(first.family, byClient)).rejects.toEqual(unavailable);
  await wire.restore();
});
