import { hashKey } from '../../src/domain/access-token.js';
import type { NewAuditEvent } from '../../src/domain/audit.js';
import type { Change } from '../../src/domain/change-feed.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import { findRow } from '../../src/storage/cassandra/access-tokens.js';
import { callTimeoutMs, Deadline } from '../../src/storage/cassandra/deadline.js';
import { accessMember, memberKinds } from '../../src/storage/cassandra/family-members.js';
import type { Act, CassandraSession } from '../../src/storage/cassandra/session.js';
import { aToken } from '../storage/access-token-store.contract.js';
import { aFamily, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient, tester } from '../support/audit.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { Killed, killedBefore } from './killed-session.js';
import { openSession, storageOn, TestSurroundings } from './opened-storage.js';

const keyspace = sharedKeyspace();
let session: CassandraSession;
/** Of a server that stays. */
let storage: TokenStorage;
/** What that server has told all others. */
let announced: Change[];

beforeAll(async () => {
  session = await openSession(keyspace.settings);
});
beforeEach(() => {
  const surroundings = new TestSurroundings();
  announced = surroundings.feed.announced;
  storage = storageOn(session, surroundings);
});
afterAll(async () => {
  await session.close();
});

/** The storage of a server that is killed before it runs this statement. */
function killed(statement: string, after = 0): TokenStorage {
  return storageOn(killedBefore(session, statement, after));
}

/** The keys of the tokens that every server was told of, in an order of their own, each as often as it was. */
function told(): string[] {
  const tokens = announced.flatMap((change) =>
    typeof change === 'object' && 'accessTokens' in change ? change.accessTokens : [],
  );
  return tokens.map(hashKey).sort();
}

/** How many of these access tokens no mark ends. */
async function living(hashes: readonly Buffer[]): Promise<number> {
  const rows = await Promise.all(hashes.map((hash) => findRow(session, hash)));
  return rows.filter((row) => row?.realm && !row.revoked).length;
}

/**
 * Where a server may be killed, and how many of a family's two access tokens may live then: the first mark may still be
 * on its way when the second one is to be written.
 */
const points = [
  ['it reads its access tokens', 'find_family_access_tokens', 0, [2]],
  ['it marks the first of them', 'revoke_access_token', 0, [2]],
  ['it marks the second of them', 'revoke_access_token', 1, [1, 2]],
  ['it notes of them that every server knows', 'end_access_token', 0, [0]],
  ['it notes the end', 'end_token_family', 0, [0]],
] as const;

describe.each(points)(
  'a server that revokes a family and is killed before %s',
  (_, statement, after, left) => {
    it.each(['unused refresh token', 'used refresh token', 'revocation'])(
      'leaves the rest to who comes with the next %s',
      async (next) => {
        const { first, access } = await aFamily(storage);
        const { successor, accessToken, ...rest } = aRotation(first);
        await storage.refreshTokens.rotate({ successor, accessToken, ...rest });
        const hashes = [access.hash, accessToken.hash];
        const { refreshTokens } = killed(statement, after);
        await expect(refreshTokens.revokeFamily(first.family, byClient)).rejects.toThrow(Killed);
        expect(left).toContain(await living(hashes));
        const looks = {
          revocation: () => storage.refreshTokens.revokeFamily(first.family, byClient),
          'unused refresh token': () => storage.refreshTokens.find(successor.hash),
          'used refresh token': () => storage.refreshTokens.find(first.hash),
        };
        expect(await looks[next as keyof typeof looks]()).toBeUndefined();
        expect(await living(hashes)).toBe(0);
        expect(told()).toEqual(hashes.map(hashKey).sort());
        for (const hash of hashes) expect(await storage.accessTokens.find(hash)).toBeUndefined();
        for (const look of Object.values(looks)) expect(await look()).toBeUndefined();
        expect(told()).toHaveLength(hashes.length);
      },
    );
  },
);

describe('an event of a revocation that could not be told to anybody', () => {
  /** Fails once, as while PostgreSQL is away. */
  class LateFeed extends RecordedChanges {
    readonly recorded: (NewAuditEvent | undefined)[] = [];
    private isAway = true;

    override async publish(change: Change, event?: NewAuditEvent): Promise<void> {
      if (this.isAway) {
        this.isAway = false;
        throw new StoreUnavailable(new Error('away'));
      }
      this.recorded.push(event);
      await super.publish(change);
    }
  }

  const event: NewAuditEvent = {
    at: byClient.at,
    actor: tester,
    action: 'family.reuse',
    realm: '/',
    name: 'client',
  };

  function opened() {
    const feed = new LateFeed();
    return { feed, ...storageOn(session, { ...new TestSurroundings(), feed }) };
  }

  it('of a family is recorded by who comes next, as it was', async () => {
    const { feed, refreshTokens, accessTokens } = opened();
    const { first, access } = await aFamily(storage);
    const revocation = { ...byClient, event };
    await expect(refreshTokens.revokeFamily(first.family, revocation)).rejects.toThrow(StoreUnavailable);
    expect(feed.recorded).toEqual([]);
    expect(await refreshTokens.find(first.hash)).toBeUndefined();
    expect(await refreshTokens.find(first.hash)).toBeUndefined();
    expect(feed.recorded).toEqual([event]);
    expect(await accessTokens.find(access.hash)).toBeUndefined();
  });

  it('of an access token is recorded when it is revoked again', async () => {
    const { feed, accessTokens } = opened();
    const token = aToken();
    await accessTokens.insert(token);
    const revocation = { ...byClient, event };
    await expect(accessTokens.revoke(token.hash, revocation)).rejects.toThrow(StoreUnavailable);
    await accessTokens.revoke(token.hash, revocation);
    expect(feed.recorded).toEqual([event]);
  });
});

it('a server that revokes a family and is killed before that is decided has changed nothing', async () => {
  const { first, access } = await aFamily(storage);
  const { refreshTokens } = killed('revoke_token_family');
  await expect(refreshTokens.revokeFamily(first.family, byClient)).rejects.toThrow(Killed);
  expect(await living([access.hash])).toBe(1);
  expect(await storage.refreshTokens.find(first.hash)).toEqual(first);
});

it('a server that is killed before it notes of an access token that every server knows leaves that to the next look', async () => {
  const token = aToken();
  await storage.accessTokens.insert(token);
  const { accessTokens } = killed('end_access_token');
  await expect(accessTokens.revoke(token.hash, byClient)).rejects.toThrow(Killed);
  for (let look = 0; look < 2; look += 1) {
    expect(await storage.accessTokens.find(token.hash)).toBeUndefined();
    expect(told()).toEqual([hashKey(token.hash)]);
  }
});

it('the revocation of a family ends access tokens that have expired here: clocks differ', async () => {
  const { first, access } = await aFamily(storage);
  const surroundings = new TestSurroundings();
  surroundings.clock.advance(access.expiresAt - surroundings.clock.now());
  await storageOn(session, surroundings).refreshTokens.revokeFamily(first.family, byClient);
  expect(await storage.accessTokens.find(access.hash)).toBeUndefined();
});

it('the revocation of a family reads every one of thousands of access tokens', async () => {
  const { first } = await aFamily(storage);
  const { family } = first;
  // More than the driver asks a node for at once, unless it is told to.
  const hashes = Array.from({ length: 5_200 }, () => aToken({ family }));
  for (let at = 0; at < hashes.length; at += 400) {
    const members = hashes.slice(at, at + 400).map((token) => accessMember(token, family, first.issuedAt));
    await session.writeTogether('add_family_members', members);
  }
  const cql = `SELECT hash FROM token_family WHERE family = ? AND kind = ${memberKinds.access}`;
  const act: Act = [{ name: 'family_access_tokens', cql }, [family]];
  const deadline = new Deadline(callTimeoutMs);
  expect(await session.readDecided(act, deadline)).toHaveLength(hashes.length + 1);
});
