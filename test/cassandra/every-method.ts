import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import {
  aFamily,
  aRefreshToken,
  aRotation,
  type TokenStores,
} from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';

/** A call of a store's method. It rejects where the outcome is wrong. */
export type Call = () => Promise<void>;

/**
 * A call of every method of both stores, by its name.
 * @param stored what they are about is stored there, now
 */
export async function everyMethod(stores: TokenStores, stored = stores): Promise<Record<string, Call>> {
  const { accessTokens, refreshTokens } = stores;
  const [found, revoked] = [aToken(), aToken()];
  await stored.accessTokens.insert(found);
  await stored.accessTokens.insert(revoked);
  const { first } = await aFamily(stored);
  const { first: used } = await aFamily(stored);
  const { first: misused } = await aFamily(stored);
  return {
    insert: () => accessTokens.insert(aToken()),
    find: async () => expect(await accessTokens.find(found.hash)).toEqual(factsOf(found)),
    revoke: () => accessTokens.revoke(revoked.hash, byClient),
    begin: () => refreshTokens.begin(aRefreshToken(), aToken()),
    'find of a refresh token': async () => expect(await refreshTokens.find(first.hash)).toEqual(first),
    rotate: async () => expect(await refreshTokens.rotate(aRotation(used))).toBe(true),
    revokeFamily: () => refreshTokens.revokeFamily(misused.family, byClient),
  };
}
