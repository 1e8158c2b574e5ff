import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { aRefreshToken } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { Killed, killedBefore } from './killed-session.js';
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

/** The hashes in the list of a user's access tokens. */
async function listOf(username: string): Promise<Buffer[]> {
  const cql = 'SELECT hash FROM user_token WHERE realm = ? AND username = ?';
  const rows = await session.read<{ hash: Buffer }>([{ name: 'user_tokens', cql }, ['/', username]]);
  return rows.map(({ hash }) => hash).sort((one, other) => one.compare(other));
}

const statements = [
  'import_access_token',
  'insert_user_token',
  'import_token_family',
  'import_refresh_token',
];

describe.each(statements)('an import whose command is killed before a statement %s', (statement) => {
  it.each([0, 50])('(after %i of them) is complete when it is run again', async (after) => {
    const username = `${statement}-${after}`;
    const refreshTokens = Array.from({ length: 60 }, () => aRefreshToken());
    // Every other one belongs to a login.
    const familyOf = (index: number) => (index % 2 === 0 ? undefined : refreshTokens[index].family);
    const accessTokens = refreshTokens.map((_, index) => aToken({ username, family: familyOf(index) }));
    const batch = { accessTokens, refreshTokens };
    const { importer } = storageOn(killedBefore(session, statement, after));
    await expect(importer.add(batch)).rejects.toThrow(Killed);
    const first = batch.accessTokens[0].hash;
    await storage.accessTokens.revoke(first, byClient);
    const wasThere = (await storage.records.findAccessToken(first)) !== undefined;

    const added = await storage.importer.add(batch);
    expect(added).toBeGreaterThan(0);
    for (const token of batch.accessTokens) {
      const revoked = wasThere && token.hash === first;
      expect(await storage.accessTokens.find(token.hash)).toEqual(revoked ? undefined : factsOf(token));
    }
    for (const token of batch.refreshTokens)
      expect(await storage.refreshTokens.find(token.hash)).toEqual(token);
    const hashes = batch.accessTokens.map(({ hash }) => hash).sort((one, other) => one.compare(other));
    expect(await listOf(username)).toEqual(hashes);
    expect(await storage.importer.add(batch)).toBe(0);
    for (const { family } of refreshTokens) await storage.refreshTokens.revokeFamily(family, byClient);
    for (const { hash } of accessTokens.filter(({ family }) => family))
      expect(await storage.accessTokens.find(hash)).toBeUndefined();
  });
});
