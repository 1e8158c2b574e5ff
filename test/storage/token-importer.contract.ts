import type { TokenStorage } from '../../src/domain/token-storage.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { hostileNames } from './names.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';

/** Names and values with a special meaning in an array or in JSON, in no alphabetical order. */
const pairs = [...hostileNames, '', 'NULL', '{NULL,"a"}', '["a","b"]', '\\"', ','].map(
  (name, index) => [`${index % 3}${name}`, name] as const,
);

/** What every TokenImporter must do. */
export function tokenImporterContract(open: () => Omit<TokenStorage, 'purger' | 'statistics'>): void {
  let stores: Omit<TokenStorage, 'purger' | 'statistics'>;
  beforeAll(() => {
    stores = open();
  });

  it('stores every field of the tokens', async () => {
    const batch = {
      accessTokens: [
        ...hostileNames.map((name) => aToken({ realm: name, clientId: name, username: name })),
        aToken({ additionalInformation: pairs, grantType: 'authorization_code', scope: [] }),
        aToken({ username: undefined, epochs: { realm: 1, client: 2 }, scope: ['a', '{b}', ','] }),
        aToken({ issuedAt: 1, expiresAt: Date.parse('9999-12-31T23:59:59.999Z') }),
      ],
      refreshTokens: [
        ...hostileNames.map((name) => aRefreshToken({ realm: name, clientId: name, username: name })),
        aRefreshToken({ additionalInformation: pairs, scope: [] }),
      ],
    };
    expect(await stores.importer.add(batch)).toBe(batch.accessTokens.length + batch.refreshTokens.length);
    for (const token of batch.accessTokens)
      expect(await stores.accessTokens.find(token.hash)).toEqual(factsOf(token));
    for (const token of batch.refreshTokens)
      expect(await stores.refreshTokens.find(token.hash)).toEqual(token);
  });

  it('leaves stored tokens unchanged, and returns how many were new', async () => {
    const batch = { accessTokens: [aToken()], refreshTokens: [aRefreshToken()] };
    const [[access], [refresh]] = [batch.accessTokens, batch.refreshTokens];
    expect(await stores.importer.add(batch)).toBe(2);
    const again = {
      accessTokens: [{ ...access, clientId: 'other' }, aToken()],
      refreshTokens: [aRefreshToken({ hash: refresh.hash, clientId: 'other' }), aRefreshToken()],
    };
    expect(await stores.importer.add(again)).toBe(2);
    expect(await stores.accessTokens.find(access.hash)).toEqual(factsOf(access));
    expect(await stores.refreshTokens.find(refresh.hash)).toEqual(refresh);
  });

  it('stores the first of two entries for the same token', async () => {
    const access = aToken();
    const refresh = aRefreshToken();
    const added = await stores.importer.add({
      accessTokens: [access, { ...access, clientId: 'other' }],
      refreshTokens: [refresh, aRefreshToken({ hash: refresh.hash })],
    });
    expect(added).toBe(2);
    expect(await stores.accessTokens.find(access.hash)).toEqual(factsOf(access));
    expect(await stores.refreshTokens.find(refresh.hash)).toEqual(refresh);
  });

  it('does nothing for an empty batch', async () => {
    expect(await stores.importer.add({ accessTokens: [], refreshTokens: [] })).toBe(0);
  });

  it('does not make a revoked token active again', async () => {
    const batch = { accessTokens: [aToken()], refreshTokens: [aRefreshToken()] };
    await stores.importer.add(batch);
    await stores.accessTokens.revoke(batch.accessTokens[0].hash, byClient);
    await stores.refreshTokens.revokeFamily(batch.refreshTokens[0].family, byClient);
    const again = [aRefreshToken({ hash: batch.refreshTokens[0].hash })];
    expect(await stores.importer.add({ ...batch, refreshTokens: again })).toBe(0);
    expect(await stores.accessTokens.find(batch.accessTokens[0].hash)).toBeUndefined();
    expect(await stores.refreshTokens.find(batch.refreshTokens[0].hash)).toBeUndefined();
  });

  it('accepts a large batch', async () => {
    const batch = {
      accessTokens: Array.from({ length: 500 }, () => aToken({ additionalInformation: pairs })),
      refreshTokens: Array.from({ length: 500 }, () => aRefreshToken()),
    };
    expect(await stores.importer.add(batch)).toBe(1000);
  });
}
