import { randomUUID } from 'node:crypto';
import type { Client } from 'cassandra-driver';
import { connect } from '../../src/storage/cassandra/connect.js';
import { Suspects } from '../../src/storage/cassandra/policies.js';
import { openKeyspace } from '../../src/storage/cassandra/schema.js';
import { CassandraSession } from '../../src/storage/cassandra/session.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import { aToken } from '../storage/access-token-store.contract.js';
import { aFamily, aRefreshToken, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient, tester } from '../support/audit.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { clusterConfig, storageOn } from './opened-storage.js';

/** A statement that was sent, with its values. */
interface Sent {
  readonly cql: string;
  readonly values: readonly unknown[];
}

/** Sends everything on to the driver, and keeps what was sent. */
function recorded(client: Client, sent: Sent[]): Client {
  return new Proxy(client, {
    get(target, property) {
      if (property === 'execute') {
        return (cql: string, values: unknown[], options: object) => {
          sent.push({ cql, values });
          return target.execute(cql, values, options);
        };
      }
      if (property === 'batch') {
        return (queries: { query: string; params: unknown[] }[], options: object) => {
          sent.push(...queries.map(({ query, params }) => ({ cql: query, values: params })));
          return target.batch(queries, options);
        };
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const keyspace = sharedKeyspace();
const sent: Sent[] = [];
let session: CassandraSession;
let storage: TokenStorage;

beforeAll(async () => {
  const suspects = new Suspects();
  const config = clusterConfig(keyspace.settings);
  const client = await connect(config, suspects);
  await openKeyspace(client, config);
  session = new CassandraSession(recorded(client, sent), suspects, 'local');
  storage = storageOn(session);
});
afterAll(async () => {
  await session.close();
});

/** What an act sends. */
async function sentBy(act: () => unknown): Promise<readonly Sent[]> {
  sent.length = 0;
  await act();
  return [...sent];
}

describe('a lookup', () => {
  it('is one statement, by the primary key', async () => {
    const token = aToken();
    await storage.accessTokens.insert(token);
    const statements = await sentBy(() => storage.accessTokens.find(token.hash));
    expect(statements).toEqual([
      { cql: expect.stringMatching(/^SELECT .* FROM access_token WHERE hash = \?$/), values: [token.hash] },
    ]);
  });

  it('is one statement for each of many hashes at once, so that one lost range fails none of the others', async () => {
    const hashes = Array.from({ length: 5 }, () => aToken().hash);
    const statements = await sentBy(() =>
      Promise.all(hashes.map(async (hash) => storage.accessTokens.find(hash))),
    );
    expect(statements.map(({ values }) => values)).toEqual(hashes.map((hash) => [hash]));
  });

  it('of a revoked token is one statement, once its revocation is complete', async () => {
    const token = aToken();
    await storage.accessTokens.insert(token);
    await storage.accessTokens.revoke(token.hash, byClient);
    expect(await sentBy(() => storage.accessTokens.find(token.hash))).toHaveLength(1);
  });
});

it('no value that is bound is null: an absent one is unset, and leaves no tombstone', async () => {
  const event = { at: 1, actor: tester, action: 'family.revoked', realm: '/' } as const;
  const statements = await sentBy(async () => {
    await storage.accessTokens.insert(aToken({ username: undefined, epochs: { realm: 1, client: 2 } }));
    const { first } = await aFamily(storage);
    for (let use = 0; use < 2; use += 1) {
      expect(await storage.refreshTokens.rotate(aRotation(first, { forgivenSince: 0 }))).toBe(true);
    }
    expect(await storage.refreshTokens.rotate(aRotation(first, { successor: undefined }))).toBe(false);
    await storage.refreshTokens.revokeFamily(first.family, byClient);
    const { first: other, access } = await aFamily(storage);
    await storage.refreshTokens.rotate(aRotation(other, { preserved: true }));
    await storage.accessTokens.revoke(access.hash, byClient);
    await storage.refreshTokens.revokeFamily(other.family, { ...byClient, event });
    const batch = { accessTokens: [aToken(), access && aToken()], refreshTokens: [aRefreshToken()] };
    await storage.importer.add(batch);
    await storage.importer.add(batch);
    await storage.records.findRefreshToken(other.hash);
    await storage.records.findFamilyRevocation(randomUUID());
  });
  const names = new Set(statements.map(({ cql }) => /(?:INTO|UPDATE|FROM) (\w+)/.exec(cql)?.[1]));
  expect(names).toEqual(new Set(['access_token', 'user_token', 'refresh_token', 'token_family']));
  expect(statements.filter(({ values }) => values.includes(null))).toEqual([]);
  expect(statements.some(({ values }) => values.includes(undefined))).toBe(true);
});
