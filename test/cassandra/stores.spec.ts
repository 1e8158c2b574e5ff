import { policies } from 'cassandra-driver';
import { SeparateCodeStore } from '../../src/domain/code-register.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { MemoryCodeRegister } from '../../src/storage/memory/code-register.js';
import { accessTokenStoreContract, aToken } from '../storage/access-token-store.contract.js';
import { aFamily, aRotation, refreshTokenStoreContract } from '../storage/refresh-token-store.contract.js';
import { authorizationCodeStoreContract } from '../storage/authorization-code-store.contract.js';
import { tokenImporterContract } from '../storage/token-importer.contract.js';
import { tokenRecordsContract } from '../storage/token-records.contract.js';
import { byClient } from '../support/audit.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { openSession, storageOn } from './opened-storage.js';

const keyspace = sharedKeyspace();
let session: CassandraSession;
let storage: TokenStorage;

beforeAll(async () => {
  session = await openSession(keyspace.settings);
  storage = storageOn(session);
});
afterAll(async () => {
  await session.close();
});

describe('access tokens in Cassandra', () => accessTokenStoreContract(() => storage.accessTokens));
describe('refresh tokens in Cassandra', () => refreshTokenStoreContract(() => storage));
describe('codes whose tokens are in Cassandra', () =>
  authorizationCodeStoreContract(() => ({
    ...storage,
    codes: new SeparateCodeStore(new MemoryCodeRegister(new StoppedClock()), storage.refreshTokens),
  })));
describe('an import into Cassandra', () => tokenImporterContract(() => storage));
describe('token records in Cassandra', () => tokenRecordsContract(() => storage));

/** Timestamps of writes as a server sets them whose clock is ahead, in milliseconds; behind where negative. */
class WrongTimestamps extends policies.timestampGeneration.MonotonicTimestampGenerator {
  constructor(private readonly aheadMs: number) {
    super(0, 0);
  }

  override getDate(): number {
    return super.getDate() + this.aheadMs;
  }
}

describe.each([2_000, -2_000])('a server whose clock is wrong by %i ms', (aheadMs) => {
  let wrongSession: CassandraSession;
  let wrong: TokenStorage;
  beforeAll(async () => {
    const timestampGeneration = new WrongTimestamps(aheadMs);
    wrongSession = await openSession(keyspace.settings, { policies: { timestampGeneration } });
    wrong = storageOn(wrongSession);
  });
  afterAll(() => wrongSession.close());

  it('writes with its own time', async () => {
    const token = aToken();
    const before = Date.now();
    await wrong.accessTokens.insert(token);
    const cql = 'SELECT WRITETIME(realm) AS written FROM access_token WHERE hash = ?';
    const [{ written }] = await session.read<{ written: bigint }>([{ name: 'written', cql }, [token.hash]]);
    expect(Math.abs(Number(written / 1000n) - before - aheadMs)).toBeLessThan(1_000);
  });

  // The server that inserts, and the one that ends what was inserted.
  const pairs = [
    ['its', () => [wrong, storage]],
    ['another server’s', () => [storage, wrong]],
  ] as const;

  it.each(pairs)('does not keep %s access token from being revoked', async (_, servers) => {
    const [one, other] = servers();
    const token = aToken();
    await one.accessTokens.insert(token);
    await other.accessTokens.revoke(token.hash, byClient);
    for (const each of [one, other]) expect(await each.accessTokens.find(token.hash)).toBeUndefined();
  });

  it.each(pairs)('does not keep %s family from being revoked', async (_, servers) => {
    const [one, other] = servers();
    const { first, access } = await aFamily(one);
    const rotation = aRotation(first);
    expect(await one.refreshTokens.rotate(rotation)).toBe(true);
    await other.refreshTokens.revokeFamily(first.family, byClient);
    for (const { accessTokens, refreshTokens } of [one, other]) {
      expect(await refreshTokens.find(rotation.successor.hash)).toBeUndefined();
      expect(await accessTokens.find(access.hash)).toBeUndefined();
      expect(await accessTokens.find(rotation.accessToken.hash)).toBeUndefined();
    }
  });

  it.each(pairs)('does not let %s refresh token be used twice', async (_, servers) => {
    const [one, other] = servers();
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const { first } = await aFamily(one);
      const outcomes = order.map(({ refreshTokens }) => refreshTokens.rotate(aRotation(first)));
      expect((await Promise.all(outcomes)).filter((won) => won)).toHaveLength(1);
      expect(await other.refreshTokens.rotate(aRotation(first))).toBe(false);
    }
  });
});
