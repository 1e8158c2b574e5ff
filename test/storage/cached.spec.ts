import { CachedAccessTokenStore } from '../../src/storage/cached/access-token-store.js';
import { CachedDirectory } from '../../src/storage/cached/directory.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { accessTokenStoreContract, aToken, factsOf } from './access-token-store.contract.js';
import { DoubleReadDirectory, DoubleReadStore } from './double-read.js';
import { directoryContract } from './directory.contract.js';
import { aFamily, aRefreshToken, refreshTokenStoreContract } from './refresh-token-store.contract.js';
import { directoryWriterContract } from './directory-writer.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { Subjects } from './subjects.js';
import { byClient } from '../support/audit.js';

const limits = { entries: 1000, maxAgeMs: 30_000 };

let running: RunningDatabase;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

/** Stores on the database with caches in front of them, as the application composes them. */
function open() {
  const feed = new RecordedChanges();
  const clock = new StoppedClock();
  const stored = new PostgresAccessTokenStore(database, feed);
  const directory = new CachedDirectory(new PostgresDirectory(database), feed, clock, limits);
  return {
    feed,
    accessTokens: new DoubleReadStore(new CachedAccessTokenStore(stored, feed, clock, limits)),
    refreshTokens: new PostgresRefreshTokenStore(database, feed),
    importer: new PostgresTokenImporter(database, feed),
    subjects: new Subjects(new DoubleReadDirectory(directory), new PostgresDirectoryWriter(database, feed)),
  };
}

describe('cached access tokens', () => {
  accessTokenStoreContract(() => open().accessTokens);
});

describe('refresh tokens beside cached access tokens', () => {
  refreshTokenStoreContract(open);
});

describe('the cached directory', () => {
  directoryContract(() => open().subjects);
  directoryWriterContract(() => open().subjects);
});

it('does not find a revoked token once its revocation has succeeded', async () => {
  const { accessTokens } = open();
  const [token, other] = [aToken(), aToken()];
  for (const each of [token, other]) await accessTokens.insert(each);
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  expect(await accessTokens.find(other.hash)).toEqual(factsOf(other));
  await accessTokens.revoke(token.hash, byClient);
  expect(await accessTokens.find(token.hash)).toBeUndefined();
  expect(await accessTokens.find(other.hash)).toEqual(factsOf(other));
});

it('does not find the tokens of a family that was revoked', async () => {
  const stores = open();
  const { access, first } = await aFamily(stores);
  expect(await stores.accessTokens.find(access.hash)).toEqual(factsOf(access));
  await stores.refreshTokens.revokeFamily(first.family, byClient);
  expect(await stores.accessTokens.find(access.hash)).toBeUndefined();
});

it('finds a token that was imported after it had been asked for', async () => {
  const { accessTokens, importer } = open();
  const token = aToken();
  expect(await accessTokens.find(token.hash)).toBeUndefined();
  await importer.add({ accessTokens: [token], refreshTokens: [] });
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
});

it('still answers from the cache after an import', async () => {
  const { accessTokens, importer } = open();
  const token = aToken();
  await accessTokens.insert(token);
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  await database.dataSource.query('DELETE FROM access_token WHERE hash = $1', [token.hash]);
  await importer.add({ accessTokens: [aToken()], refreshTokens: [aRefreshToken()] });
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
});

it('answers from the cache: a change that is not announced is not seen', async () => {
  const { accessTokens, feed } = open();
  const token = aToken();
  await accessTokens.insert(token);
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  await database.dataSource.query('DELETE FROM access_token WHERE hash = $1', [token.hash]);
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  feed.announce({ accessTokens: [aToken().hash] });
  expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  feed.announce({ accessTokens: [aToken().hash, token.hash] });
  expect(await accessTokens.find(token.hash)).toBeUndefined();
});
