import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { aRefreshToken, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { openSession, storageOn, TestSurroundings } from './opened-storage.js';

const keyspace = sharedKeyspace();
let session: CassandraSession;

beforeAll(async () => {
  session = await openSession(keyspace.settings);
});
afterAll(async () => {
  await session.close();
});

/** Between two moments of a test, so many seconds may pass on the nodes' clocks. */
const slack = 60;

type Seconds = number | null;

/** For how many seconds more some cells of a row are kept; null for no end. */
async function secondsLeft(
  cells: string,
  from: string,
  ...values: unknown[]
): Promise<Record<string, Seconds>> {
  const ttls = cells.split(' ').map((cell) => `TTL(${cell}) AS ${cell}`);
  const cql = `SELECT ${ttls.join(', ')} FROM ${from}`;
  const [row] = await session.read<Record<string, Seconds>>([{ name: 'seconds_left', cql }, values]);
  return Object.fromEntries(cells.split(' ').map((cell) => [cell, row[cell]]));
}

/** So many seconds, or some less. */
function about(seconds: number): unknown {
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: (value: unknown) =>
      typeof value === 'number' && value <= seconds && value > seconds - slack,
    toAsymmetricMatcher: () => `about ${seconds}`,
  };
}

function open() {
  const surroundings = new TestSurroundings();
  return { ...surroundings, ...storageOn(session, surroundings), now: surroundings.clock.now() };
}

describe('a row of an access token', () => {
  it('is kept for 600 s after it has expired, and found until then', async () => {
    const { accessTokens, now } = open();
    const token = aToken({ issuedAt: now, expiresAt: now + 3_600_000 });
    const ended = aToken({ issuedAt: now - 7_200_000, expiresAt: now });
    for (const each of [token, ended]) {
      await accessTokens.insert(each);
      expect(await accessTokens.find(each.hash)).toEqual(factsOf(each));
    }
    const row = 'access_token WHERE hash = ?';
    expect(await secondsLeft('realm expires_at', row, token.hash)).toEqual({
      realm: about(4200),
      expires_at: about(4200),
    });
    expect(await secondsLeft('realm', row, ended.hash)).toEqual({ realm: about(600) });
    const list = 'user_token WHERE realm = ? AND username = ? AND issued_at = ? AND hash = ?';
    const key = [token.realm, token.username, new Date(token.issuedAt), token.hash];
    expect(await secondsLeft('client_id', list, ...key)).toEqual({ client_id: about(4200) });
  });

  it.each([
    ['more than ten years', 3_660],
    ['nearly eight thousand years', 2_900_000],
  ])('that lasts for %s has no end', async (_, days) => {
    const { accessTokens, now } = open();
    const token = aToken({ issuedAt: now, expiresAt: now + days * 86_400_000 });
    await accessTokens.insert(token);
    await accessTokens.revoke(token.hash, byClient);
    expect(await secondsLeft('realm revoked', 'access_token WHERE hash = ?', token.hash)).toEqual({
      realm: null,
      revoked: null,
    });
  });

  it('would not last beyond what Cassandra accepts: then it has no end', async () => {
    const { accessTokens, clock } = open();
    clock.advance(Date.UTC(2037, 0, 1) - clock.now());
    const token = aToken({ issuedAt: clock.now(), expiresAt: clock.now() + 400 * 86_400_000 });
    await accessTokens.insert(token);
    expect(await secondsLeft('realm', 'access_token WHERE hash = ?', token.hash)).toEqual({ realm: null });
  });

  it('ends before the mark of its revocation', async () => {
    const { accessTokens, now } = open();
    const token = aToken({ issuedAt: now, expiresAt: now + 3_600_000 });
    await accessTokens.insert(token);
    await accessTokens.revoke(token.hash, byClient);
    expect(await secondsLeft('realm revoked ended_at', 'access_token WHERE hash = ?', token.hash)).toEqual({
      realm: about(4200),
      revoked: about(4800),
      ended_at: about(4800),
    });
  });
});

describe('the rows of a family', () => {
  const family = 'token_family WHERE family = ? LIMIT 1';
  const member = 'token_family WHERE family = ? AND kind = ? AND hash = ?';

  it('last as long as an access token of its last possible refresh may', async () => {
    const { refreshTokens, now } = open();
    const first = aRefreshToken({
      issuedAt: now,
      expiresAt: now + 7_200_000,
      familyExpiresAt: now + 7_200_000,
    });
    const access = aToken({ issuedAt: now, expiresAt: now + 3_600_000, family: first.family });
    await refreshTokens.begin(first, access);
    expect(await secondsLeft('expires_at', member, first.family, 1, first.hash)).toEqual({
      expires_at: about(10_800 + 600),
    });
    expect(await secondsLeft('expires_at', member, first.family, 2, access.hash)).toEqual({
      expires_at: about(3_600 + 600),
    });
    expect(await secondsLeft('realm', 'refresh_token WHERE hash = ?', first.hash)).toEqual({
      realm: about(10_800 + 600),
    });
    expect(await secondsLeft('ends_at', family, first.family)).toEqual({ ends_at: about(10_800 + 1_200) });
  });

  it('end before the marks of a use and of a revocation', async () => {
    const { refreshTokens, now } = open();
    const first = aRefreshToken({
      issuedAt: now,
      expiresAt: now + 7_200_000,
      familyExpiresAt: now + 7_200_000,
    });
    const access = { issuedAt: now, expiresAt: now + 3_600_000, family: first.family };
    await refreshTokens.begin(first, aToken(access));
    expect(await refreshTokens.rotate(aRotation(first, { accessToken: aToken(access) }))).toBe(true);
    expect(await secondsLeft('used_at uses', member, first.family, 1, first.hash)).toEqual({
      used_at: about(12_000),
      uses: about(12_000),
    });
    await refreshTokens.revokeFamily(first.family, byClient);
    expect(await secondsLeft('revoked_at ended_at', family, first.family)).toEqual({
      revoked_at: about(12_000),
      ended_at: about(12_000),
    });
  });

  it('are made to last as long as an access token that outlives them', async () => {
    const { refreshTokens, accessTokens, clock, now } = open();
    const first = aRefreshToken({
      issuedAt: now,
      expiresAt: now + 7_200_000,
      familyExpiresAt: now + 7_200_000,
    });
    await refreshTokens.begin(
      first,
      aToken({ issuedAt: now, expiresAt: now + 60_000, family: first.family }),
    );
    clock.advance(7_000_000);
    const access = aToken({
      issuedAt: clock.now(),
      expiresAt: clock.now() + 86_400_000,
      family: first.family,
    });
    expect(await refreshTokens.rotate(aRotation(first, { now: clock.now(), accessToken: access }))).toBe(
      true,
    );
    expect(await secondsLeft('ends_at', family, first.family)).toEqual({ ends_at: about(86_400 + 1_200) });
    expect(await secondsLeft('expires_at', member, first.family, 1, first.hash)).toEqual({
      expires_at: about(86_400 + 600),
    });
    expect(await secondsLeft('realm', 'refresh_token WHERE hash = ?', first.hash)).toEqual({
      realm: about(86_400 + 600),
    });
    await refreshTokens.revokeFamily(first.family, byClient);
    expect(await accessTokens.find(access.hash)).toBeUndefined();
    expect(await secondsLeft('revoked_at', family, first.family)).toEqual({
      revoked_at: about(86_400 + 1_200),
    });
  });

  it('and a revocation that ends before an access token of the family is made to last as long', async () => {
    const { refreshTokens, now } = open();
    const first = aRefreshToken({ issuedAt: now, expiresAt: now + 60_000, familyExpiresAt: now + 60_000 });
    const begun = { issuedAt: now, expiresAt: now + 60_000, family: first.family };
    await refreshTokens.begin(first, aToken(begun));
    const access = aToken({ ...begun, expiresAt: now + 86_400_000 });
    // As it is when the token joins between the revocation's first read and its mark.
    await session.write([
      {
        name: 'late_member',
        cql: `INSERT INTO token_family (family, kind, hash, expires_at) VALUES (?, 2, ?, ?)`,
      },
      [first.family, access.hash, new Date(access.expiresAt)],
    ]);
    await refreshTokens.revokeFamily(first.family, byClient);
    expect(await secondsLeft('revoked_at', family, first.family)).toEqual({
      revoked_at: about(86_400 + 1_200),
    });
  });
});

it('nothing is purged, and nothing can be overdue', async () => {
  const { purger, statistics, now } = open();
  expect(await purger.purge(now, 1000)).toBe(0);
  expect(await statistics.statistics(now)).toEqual({ overdueMs: 0 });
});
