import type { Rotation } from '../../src/domain/refresh-token.js';
import type { StoredAccessToken } from '../../src/domain/access-token.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { hostileNames } from '../storage/names.js';
import { aFamily, aRefreshToken, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { CopiedStores } from './copied-stores.js';

let stores: CopiedStores;

beforeAll(async () => (stores = await CopiedStores.open()));
beforeEach(() => stores.emptyOld());
afterAll(() => stores.close());

const start = Date.UTC(2026, 0, 1);

it('copies access tokens with all that is known of them', async () => {
  const tokens = [
    ...hostileNames.map((name) => aToken({ realm: name, clientId: name, username: name })),
    aToken({
      additionalInformation: [
        ['12', 'first'],
        ['__proto__', '{"a":[1]}'],
      ],
      scope: [],
      grantType: 'authorization_code',
      authLevel: 2_147_483_647,
      epochs: { realm: 1, client: 2 ** 31, resourceOwner: Number.MAX_SAFE_INTEGER },
    }),
    aToken({ username: undefined, epochs: { realm: 1, client: 2 }, grantType: 'client_credentials' }),
    aToken({ issuedAt: 1, expiresAt: Date.parse('9999-12-31T23:59:59.999Z') }),
    aToken({ expiresAt: start + 1 }),
  ];
  const expired = aToken({ expiresAt: start });
  for (const token of [...tokens, expired]) await stores.old.accessTokens.insert(token);
  await stores.expectCopied({ accessTokens: tokens.length });
  for (const token of tokens) expect(await stores.new.accessTokens.find(token.hash)).toEqual(factsOf(token));
  await stores.expectSame({ access: tokens });
  expect(await stores.new.records.findAccessToken(expired.hash)).toBeUndefined();
});

it('copies a revoked access token as revoked, so that an import does not make it active', async () => {
  const token = aToken();
  await stores.old.accessTokens.insert(token);
  await stores.old.accessTokens.revoke(token.hash, { at: start + 5, by: 'admin' });
  await stores.expectCopied({ accessTokens: 1 });
  expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
  await stores.expectSame({ access: [token] });
  expect(await stores.new.importer.add({ accessTokens: [token], refreshTokens: [] })).toBe(0);
  expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
});

it("puts the tokens of users on the users' lists, and no others", async () => {
  const username = 'owner of lists';
  const tokens = [aToken({ username }), aToken({ username }), aToken({ username, realm: '/alpha' })];
  for (const token of tokens) await stores.old.accessTokens.insert(token);
  await stores.copy();
  const cql = 'SELECT hash, client_id, issued_at FROM user_token WHERE realm = ? AND username = ?';
  const listed = await stores.read(cql, '/', username);
  const entry = ({ hash, clientId, issuedAt }: StoredAccessToken) => ({
    hash,
    client_id: clientId,
    issued_at: new Date(issuedAt),
  });
  expect(listed).toHaveLength(2);
  expect(listed.map((row) => ({ ...row }))).toEqual(expect.arrayContaining(tokens.slice(0, 2).map(entry)));
});

it('copies a family that rotates as before', async () => {
  const { first, access } = await aFamily(stores.old, { additionalInformation: [['a', 'b']] });
  const rotation = aRotation(first);
  await stores.old.refreshTokens.rotate(rotation);
  await stores.expectCopied({ families: 1, refreshTokens: 2, accessTokens: 2 });
  await stores.expectSame({
    access: [access, rotation.accessToken],
    refresh: [first, rotation.successor],
  });
  expect(await stores.new.refreshTokens.find(first.hash)).toEqual({ ...first, usedAt: start });
  expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
  const next = aRotation(rotation.successor);
  expect(await stores.new.refreshTokens.rotate(next)).toBe(true);
  expect(await stores.new.refreshTokens.rotate(aRotation(rotation.successor))).toBe(false);
  expect(await stores.new.refreshTokens.find(next.successor.hash)).toEqual(next.successor);
});

it('revokes a copied family with all of its access tokens', async () => {
  const { first, access } = await aFamily(stores.old);
  const rotation = aRotation(first);
  await stores.old.refreshTokens.rotate(rotation);
  await stores.copy();
  await stores.new.refreshTokens.revokeFamily(first.family, byClient);
  for (const { hash } of [first, rotation.successor])
    expect(await stores.new.refreshTokens.find(hash)).toBeUndefined();
  for (const { hash } of [access, rotation.accessToken])
    expect(await stores.new.accessTokens.find(hash)).toBeUndefined();
});

it('goes on counting the retries of a token', async () => {
  const { first } = await aFamily(stores.old);
  const values: Partial<Rotation> = { now: start + 1, forgivenSince: start };
  for (let use = 0; use < 3; use += 1)
    expect(await stores.old.refreshTokens.rotate(aRotation(first, values))).toBe(true);
  await stores.copy();
  await stores.expectSame({ refresh: [first] });
  expect(await stores.new.refreshTokens.rotate(aRotation(first, { forgivenSince: start + 2 }))).toBe(false);
  expect(await stores.new.refreshTokens.rotate(aRotation(first, values))).toBe(true);
  expect(await stores.new.refreshTokens.rotate(aRotation(first, values))).toBe(false);
});

it('copies a revoked family as revoked, with when and by whom', async () => {
  const { first, access } = await aFamily(stores.old);
  const own = aToken({ family: first.family });
  await stores.old.accessTokens.insert(own);
  await stores.old.accessTokens.revoke(own.hash, { at: start + 1, by: 'client' });
  await stores.old.refreshTokens.revokeFamily(first.family, { at: start + 2, by: 'reuse' });
  await stores.expectCopied({ families: 1, refreshTokens: 1, accessTokens: 2 });
  await stores.expectSame({ access: [access, own], refresh: [first] });
  const revocation = await stores.new.records.findFamilyRevocation(first.family);
  expect(revocation).toEqual({ at: start + 2, by: 'reuse' });
  expect(await stores.new.refreshTokens.find(first.hash)).toBeUndefined();
  expect(await stores.new.accessTokens.find(access.hash)).toBeUndefined();
  expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
  const again = aRefreshToken({ hash: first.hash });
  expect(await stores.new.importer.add({ accessTokens: [], refreshTokens: [again] })).toBe(0);
  expect(await stores.new.refreshTokens.find(first.hash)).toBeUndefined();
});
