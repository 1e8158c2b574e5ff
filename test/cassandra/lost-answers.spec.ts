import { maxRetries } from '../../src/domain/refresh-token.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { aFamily, aRefreshToken, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { sharedKeyspace, testCassandra } from '../support/cassandra.js';
import { CqlWires, type Loss } from '../support/cql-wires.js';
import { openSession, storageOn } from './opened-storage.js';

let wires: CqlWires;
let keyspace: ReturnType<typeof sharedKeyspace>;
/** Reaches the nodes over the wires. */
let session: CassandraSession;
let storage: TokenStorage;

beforeAll(async () => {
  wires = await CqlWires.to(testCassandra);
  keyspace = sharedKeyspace(wires);
});
// A connection that was cut is missing for a second.
beforeEach(async () => {
  const { addressResolution } = wires;
  session = await openSession(keyspace.settings, { policies: { addressResolution } });
  storage = storageOn(session);
});
afterEach(() => session.close());
afterAll(async () => {
  await wires.close();
});

/** How answers are lost, one after the other, before one arrives. */
const losses: readonly (readonly [...Loss[]])[] = [
  ['cut'],
  ['swallowed'],
  ['timed out'],
  ['cut', 'timed out'],
];

/** Does some work whose transaction's answers are lost; resolves with its result when they were. */
async function losing<Result>(
  statement: RegExp,
  how: readonly Loss[],
  work: () => Promise<Result>,
): Promise<Result> {
  const lost = how.map((loss) => wires.loseAnswer(statement, loss));
  const result = await work();
  await Promise.all(lost);
  return result;
}

describe.each(losses)('an answer that is %s', (...how) => {
  const uses = /SET (used_at|touched_at)/;

  it('does not change that a rotation has succeeded', async () => {
    const { first } = await aFamily(storage);
    const rotation = aRotation(first);
    expect(await losing(uses, how, () => storage.refreshTokens.rotate(rotation))).toBe(true);
    const { accessToken, successor, now } = rotation;
    expect(await storage.refreshTokens.find(first.hash)).toEqual({ ...first, usedAt: now });
    expect(await storage.refreshTokens.find(successor.hash)).toEqual(successor);
    expect(await storage.accessTokens.find(accessToken.hash)).toEqual(factsOf(accessToken));
  });

  it('does not change that a rotation was refused', async () => {
    const { first } = await aFamily(storage);
    await storage.refreshTokens.rotate(aRotation(first));
    const rotation = aRotation(first);
    expect(await losing(uses, how, () => storage.refreshTokens.rotate(rotation))).toBe(false);
    expect(await storage.refreshTokens.find(rotation.successor.hash)).toBeUndefined();
    expect(await storage.accessTokens.find(rotation.accessToken.hash)).toBeUndefined();
  });

  it('neither uses up a token that is preserved', async () => {
    const { first } = await aFamily(storage);
    const rotation = aRotation(first, { preserved: true });
    expect(await losing(uses, how, () => storage.refreshTokens.rotate(rotation))).toBe(true);
    expect(await storage.refreshTokens.find(first.hash)).toEqual(first);
  });

  it('nor counts as another retry', async () => {
    const { first } = await aFamily(storage);
    const forgiven = () => storage.refreshTokens.rotate(aRotation(first, { forgivenSince: 0 }));
    expect(await forgiven()).toBe(true);
    expect(await losing(uses, how, forgiven)).toBe(true);
    for (let retry = 2; retry <= maxRetries; retry += 1) expect(await forgiven()).toBe(true);
    expect(await forgiven()).toBe(false);
  });

  it('does not keep a family from being revoked', async () => {
    const { first, access } = await aFamily(storage);
    await losing(/revoked_at = null$/, how, () => storage.refreshTokens.revokeFamily(first.family, byClient));
    expect(await storage.refreshTokens.find(first.hash)).toBeUndefined();
    expect(await storage.accessTokens.find(access.hash)).toBeUndefined();
    expect(await storage.records.findFamilyRevocation(first.family)).toEqual({
      at: byClient.at,
      by: 'client',
    });
  });

  it('does not keep tokens from being imported', async () => {
    const batch = { accessTokens: [aToken()], refreshTokens: [aRefreshToken()] };
    await losing(/INTO access_token .* IF NOT EXISTS/, how, () =>
      losing(/INTO refresh_token .* IF NOT EXISTS/, how, () => storage.importer.add(batch)),
    );
    const [[access], [refresh]] = [batch.accessTokens, batch.refreshTokens];
    expect(await storage.accessTokens.find(access.hash)).toEqual(factsOf(access));
    expect(await storage.refreshTokens.find(refresh.hash)).toEqual(refresh);
    expect(await storage.importer.add(batch)).toBe(0);
  });
});

describe.each(['cut', 'swallowed'] as const)('an answer of a plain statement that is %s', (loss) => {
  it('keeps no token from being stored', async () => {
    const token = aToken();
    await losing(/INTO access_token/, [loss], () => storage.accessTokens.insert(token));
    expect(await storage.accessTokens.find(token.hash)).toEqual(factsOf(token));
  });

  it('keeps no token from being found', async () => {
    const token = aToken();
    await storage.accessTokens.insert(token);
    const find = async () => storage.accessTokens.find(token.hash);
    expect(await losing(/FROM access_token/, [loss], find)).toEqual(factsOf(token));
  });

  it('keeps no token from being revoked', async () => {
    const token = aToken();
    await storage.accessTokens.insert(token);
    await losing(/SET revoked = true/, [loss], () => storage.accessTokens.revoke(token.hash, byClient));
    expect(await storage.accessTokens.find(token.hash)).toBeUndefined();
  });

  it('keeps no family from being begun', async () => {
    const { first, access } = await losing(/SET ends_at/, [loss], () => aFamily(storage));
    expect(await storage.refreshTokens.find(first.hash)).toEqual(first);
    expect(await storage.accessTokens.find(access.hash)).toEqual(factsOf(access));
  });
});
