import type { StoredAccessToken } from '../../src/domain/access-token.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { aFamily, aRefreshToken, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { CopiedStores } from './copied-stores.js';

let stores: CopiedStores;

beforeAll(async () => (stores = await CopiedStores.open()));
beforeEach(() => stores.emptyOld());
afterAll(() => stores.close());

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

/** A token of PostgreSQL, which has been copied once. */
async function copiedToken(values: Partial<StoredAccessToken> = {}): Promise<StoredAccessToken> {
  const token = aToken(values);
  await stores.old.accessTokens.insert(token);
  await stores.copy();
  return token;
}

/** A family of PostgreSQL, which has been copied once. */
async function copiedFamily() {
  const family = await aFamily(stores.old);
  await stores.copy();
  return family;
}

it('changes nothing when nothing has changed', async () => {
  const { first } = await copiedFamily();
  await stores.old.refreshTokens.rotate(aRotation(first));
  const revoked = await aFamily(stores.old);
  await stores.old.refreshTokens.revokeFamily(revoked.first.family, byClient);
  await copiedToken({ username: undefined });
  stores.surroundings.feed.announced.length = 0;
  await stores.expectCopied({ alreadyThere: 7 });
  expect(stores.surroundings.feed.announced).toEqual([]);
});

describe('what happened in PostgreSQL since', () => {
  it('new tokens come', async () => {
    const { first } = await copiedFamily();
    const [alone, rotation] = [aToken(), aRotation(first)];
    await stores.old.accessTokens.insert(alone);
    await stores.old.refreshTokens.rotate(rotation);
    const other = await aFamily(stores.old);
    await stores.expectCopied({
      ...{ families: 1, refreshTokens: 2, accessTokens: 3 },
      ...{ alreadyThere: 2, used: 1 },
    });
    for (const token of [alone, rotation.accessToken, other.access])
      expect(await stores.new.accessTokens.find(token.hash)).toEqual(factsOf(token));
    for (const token of [{ ...first, usedAt: start }, rotation.successor, other.first])
      expect(await stores.new.refreshTokens.find(token.hash)).toEqual(token);
    expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
    expect(await stores.new.refreshTokens.rotate(aRotation(rotation.successor))).toBe(true);
  });

  it('a retry of a used token counts', async () => {
    const { first } = await aFamily(stores.old);
    const retry = () => aRotation(first, { forgivenSince: start });
    await stores.old.refreshTokens.rotate(retry());
    await stores.copy();
    await stores.old.refreshTokens.rotate(retry());
    await stores.old.refreshTokens.rotate(retry());
    await stores.expectCopied({ refreshTokens: 2, accessTokens: 2, alreadyThere: 4, used: 1 });
    expect(await stores.new.refreshTokens.rotate(retry())).toBe(true);
    expect(await stores.new.refreshTokens.rotate(retry())).toBe(false);
  });

  it('a revoked access token is revoked, and every node is notified', async () => {
    const token = await copiedToken();
    await stores.old.accessTokens.revoke(token.hash, { at: start + 7, by: 'admin' });
    stores.surroundings.feed.announced.length = 0;
    await stores.expectCopied({ alreadyThere: 1, revoked: 1 });
    expect(stores.surroundings.feed.announced).toEqual([{ accessTokens: [token.hash] }, 'addedTokens']);
    expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
    const { revocation } = (await stores.new.records.findAccessToken(token.hash))!;
    expect(revocation).toEqual({ at: start + 7, by: 'admin' });
    await stores.expectCopied({ alreadyThere: 1 });
  });

  it('a revoked family is revoked with its access tokens, and every node is notified', async () => {
    const { first, access } = await copiedFamily();
    const rotation = aRotation(first);
    await stores.old.refreshTokens.rotate(rotation);
    await stores.old.accessTokens.revoke(access.hash, { at: start + 1, by: 'client' });
    await stores.old.refreshTokens.revokeFamily(first.family, { at: start + 2, by: 'reuse' });
    stores.surroundings.feed.announced.length = 0;
    await stores.expectCopied({
      ...{ refreshTokens: 1, accessTokens: 1 },
      ...{ alreadyThere: 2, revoked: 2, used: 1 },
    });
    expect(stores.surroundings.feed.announced).toContainEqual({ accessTokens: [access.hash] });
    const tokens = { access: [access, rotation.accessToken], refresh: [first, rotation.successor] };
    await stores.expectSame(tokens);
    for (const { hash } of tokens.access) expect(await stores.new.accessTokens.find(hash)).toBeUndefined();
    for (const { hash } of tokens.refresh) expect(await stores.new.refreshTokens.find(hash)).toBeUndefined();
    await stores.expectCopied({ alreadyThere: 4 });
  });

  it('a family lasts as long as a token that outlives it', async () => {
    const first = aRefreshToken({ expiresAt: start + hour, familyExpiresAt: start + hour });
    await stores.old.refreshTokens.begin(first, aToken({ family: first.family, expiresAt: start + hour }));
    await stores.copy();
    const accessToken = aToken({ family: first.family, expiresAt: start + 8 * hour });
    const preserved = aRotation(first, { preserved: true, successor: undefined, accessToken });
    await stores.old.refreshTokens.rotate(preserved);
    await stores.expectCopied({ accessTokens: 1, alreadyThere: 2 });
    const cql = 'SELECT ends_at, TTL(ends_at) AS ttl, TTL(expires_at) AS member FROM token_family';
    const [row] = await stores.read(`${cql} WHERE family = ? AND kind = 1`, first.family);
    expect(row.ends_at).toEqual(new Date(accessToken.expiresAt));
    expect(row.ttl).toBeGreaterThan((7 * hour) / 1000);
    expect(row.member).toBeGreaterThan((7 * hour) / 1000);
    await stores.expectCopied({ alreadyThere: 3 });
  });

  it('a revocation without its time is one of now', async () => {
    const token = await copiedToken();
    const { first } = await aFamily(stores.old);
    for (const table of ['access_token', 'token_family'])
      await stores.database.dataSource.query(`UPDATE ${table} SET revoked = true`);
    await stores.copy();
    const revocation = { at: stores.surroundings.clock.now(), by: undefined };
    expect(await stores.new.records.findAccessToken(token.hash)).toMatchObject({ revocation });
    expect(await stores.new.records.findFamilyRevocation(first.family)).toEqual(revocation);
  });
});

describe('what happened in Cassandra since', () => {
  it('a used refresh token stays used, as often as it was', async () => {
    const { first } = await copiedFamily();
    const rotation = aRotation(first, { now: start + 1 });
    await stores.new.refreshTokens.rotate(rotation);
    await stores.new.refreshTokens.rotate(aRotation(first, { forgivenSince: start }));
    await stores.expectCopied({ alreadyThere: 2 });
    expect(await stores.new.refreshTokens.find(first.hash)).toEqual({ ...first, usedAt: start + 1 });
    expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
    expect(await stores.new.refreshTokens.rotate(aRotation(rotation.successor))).toBe(true);
  });

  it('a token that was used in both keeps its use here', async () => {
    const { first } = await copiedFamily();
    await stores.new.refreshTokens.rotate(aRotation(first, { now: start + 1 }));
    for (let use = 0; use < 2; use += 1)
      await stores.old.refreshTokens.rotate(aRotation(first, { now: start + 9, forgivenSince: start }));
    await stores.copy();
    expect(await stores.new.refreshTokens.find(first.hash)).toEqual({ ...first, usedAt: start + 1 });
    const cql = 'SELECT uses FROM token_family WHERE family = ? AND kind = 1 AND hash = ?';
    expect(await stores.read(cql, first.family, first.hash)).toMatchObject([{ uses: 1 }]);
  });

  it('a revoked access token stays revoked', async () => {
    const token = await copiedToken();
    await stores.new.accessTokens.revoke(token.hash, { at: start + 3, by: 'admin' });
    await stores.expectCopied({ alreadyThere: 1 });
    expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
    await stores.old.accessTokens.revoke(token.hash, { at: start + 4, by: 'client' });
    await stores.expectCopied({ alreadyThere: 1 });
    const record = await stores.new.records.findAccessToken(token.hash);
    expect(record?.revocation).toEqual({ at: start + 3, by: 'admin' });
  });

  it('a revoked family stays revoked, and tokens of it that come are revoked, too', async () => {
    const { first, access } = await copiedFamily();
    const rotation = aRotation(first);
    await stores.old.refreshTokens.rotate(rotation);
    await stores.new.refreshTokens.revokeFamily(first.family, { at: start + 3, by: 'admin' });
    await stores.copy();
    for (const { hash } of [first, rotation.successor])
      expect(await stores.new.refreshTokens.find(hash)).toBeUndefined();
    for (const { hash } of [access, rotation.accessToken])
      expect(await stores.new.accessTokens.find(hash)).toBeUndefined();
    const record = await stores.new.records.findAccessToken(rotation.accessToken.hash);
    expect(record?.revocation).toEqual({ at: start + 3, by: 'family' });
  });

  it('a refresh token that was imported here keeps the family that it has here', async () => {
    const { first } = await aFamily(stores.old);
    const imported = aRefreshToken({ hash: first.hash });
    await stores.new.importer.add({ accessTokens: [], refreshTokens: [imported] });
    await stores.expectCopied({ accessTokens: 1, alreadyThere: 1 });
    expect(await stores.new.refreshTokens.find(first.hash)).toEqual(imported);
  });
});
