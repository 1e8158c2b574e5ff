import { randomUUID } from 'node:crypto';
import {
  type AccessToken,
  type AccessTokenStore,
  hashToken,
  type StoredAccessToken,
} from '../../src/domain/access-token.js';
import { hostileNames } from './names.js';

/** What every AccessTokenStore must do. */
export function accessTokenStoreContract(open: () => AccessTokenStore): void {
  let store: AccessTokenStore;
  beforeAll(() => {
    store = open();
  });

  it('finds nothing under a hash that was never stored', async () => {
    await store.insert(aToken());
    expect(await store.find(hashToken(randomUUID()))).toBeUndefined();
  });

  it('returns every stored field of a resource owner’s token', async () => {
    const token = aToken({
      realm: '/alpha/beta',
      clientId: 'myClient',
      username: 'demo',
      scope: ['write', 'https://localhost:8090/auth/userinfo.email', '!#[]~', '12', '__proto__'],
      grantType: 'password',
      authLevel: 2_147_483_647,
      epochs: { realm: 1, client: 2 ** 31, resourceOwner: Number.MAX_SAFE_INTEGER },
    });
    await store.insert(token);
    expect(await store.find(token.hash)).toEqual(factsOf(token));
  });

  it('returns a token of a client that acts for itself, without a resource owner', async () => {
    const token = aToken({
      username: undefined,
      grantType: 'client_credentials',
      authLevel: 0,
      epochs: { realm: 3, client: 4 },
    });
    await store.insert(token);
    expect(await store.find(token.hash)).toEqual(factsOf(token));
  });

  it.each([
    '1970-01-01T00:00:00.001Z',
    '2026-03-29T00:59:59.999Z',
    '2026-03-29T01:00:00.000Z',
    '2028-02-29T23:59:59.500Z',
    '9999-12-31T23:59:59.999Z',
  ])('keeps times to the millisecond: %s', async (time) => {
    const token = aToken({ issuedAt: Date.parse(time) - 1, expiresAt: Date.parse(time) });
    await store.insert(token);
    const { issuedAt, expiresAt } = (await store.find(token.hash))!;
    expect({ issuedAt, expiresAt }).toEqual({ issuedAt: token.issuedAt, expiresAt: token.expiresAt });
  });

  it('finds an expired token too', async () => {
    const token = aToken({ issuedAt: 0, expiresAt: 1000 });
    await store.insert(token);
    expect(await store.find(token.hash)).toEqual(factsOf(token));
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['backslashes', Buffer.alloc(32, '\\')],
    ['invalid UTF-8', Buffer.alloc(32, 0xff)],
    ['text that looks like hexadecimal', Buffer.from('\\x3031323334353637383930313233343')],
  ])('compares hashes by their bytes: %s', async (_, hash) => {
    const token = aToken({ hash });
    await store.insert(token);
    expect(await store.find(Buffer.from(hash))).toEqual(factsOf(token));
    expect(await store.find(hash.subarray(1))).toBeUndefined();
    expect(
      await store.find(Buffer.from(hash.map((byte, i) => (i === 31 ? byte ^ 1 : byte)))),
    ).toBeUndefined();
  });

  it.each(hostileNames)('stores a name unchanged: %j', async (name) => {
    const token = aToken({ realm: name, clientId: name, username: name });
    await store.insert(token);
    expect(await store.find(token.hash)).toEqual(factsOf(token));
  });

  it('returns to each of many concurrent readers the token that it asked for', async () => {
    const tokens = Array.from({ length: 40 }, (_, i) => aToken({ clientId: `client-${i}` }));
    await Promise.all(tokens.map((token) => store.insert(token)));
    expect(await Promise.all(tokens.map(async ({ hash }) => store.find(hash)))).toEqual(tokens.map(factsOf));
  });
}

/** A token with a unique hash. */
export function aToken(values: Partial<StoredAccessToken> = {}): StoredAccessToken {
  const issuedAt = Date.UTC(2026, 0, 1);
  return {
    hash: hashToken(randomUUID()),
    realm: '/',
    clientId: 'client',
    username: 'owner',
    scope: ['read'],
    grantType: 'password',
    authLevel: 0,
    issuedAt,
    expiresAt: issuedAt + 3600_000,
    epochs: { realm: 1, client: 2, resourceOwner: 3 },
    ...values,
  };
}

/** The token as a store returns it: without its hash, which the caller knows. */
export function factsOf({ hash, ...facts }: StoredAccessToken): AccessToken {
  return facts;
}
