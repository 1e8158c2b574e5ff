import { aToken, factsOf } from './access-token-store.contract.js';
import { aFamily, aRefreshToken, aRotation, type TokenStores } from './refresh-token-store.contract.js';

/**
 * What every store of tokens must do that refuses a second token under one hash. A store in which that would cost each
 * insert a transaction need not: hashes of random values do not meet.
 */
export function uniqueHashesContract(open: () => TokenStores): void {
  let stores: TokenStores;
  beforeAll(() => {
    stores = open();
  });

  it('refuses a second token under one hash, and keeps the first', async () => {
    const token = aToken({ clientId: 'first' });
    await stores.accessTokens.insert(token);
    await expect(stores.accessTokens.insert({ ...token, clientId: 'second' })).rejects.toThrow();
    expect(await stores.accessTokens.find(token.hash)).toEqual(factsOf(token));
  });

  it('begins no family whose access token is already stored', async () => {
    const { access } = await aFamily(stores);
    const first = aRefreshToken();
    await expect(stores.refreshTokens.begin(first, { ...access, family: first.family })).rejects.toThrow();
    expect(await stores.refreshTokens.find(first.hash)).toBeUndefined();
    expect(await stores.accessTokens.find(access.hash)).toEqual(factsOf(access));
  });

  it('changes nothing when the new tokens cannot be stored', async () => {
    const { first, access } = await aFamily(stores);
    const rotation = aRotation(first, { accessToken: access });
    await expect(stores.refreshTokens.rotate(rotation)).rejects.toThrow();
    expect(await stores.refreshTokens.find(first.hash)).toEqual(first);
    expect(await stores.refreshTokens.find(rotation.successor.hash)).toBeUndefined();
    expect(await stores.refreshTokens.rotate(aRotation(first))).toBe(true);
  });
}
