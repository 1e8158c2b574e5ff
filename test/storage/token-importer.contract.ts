import { randomUUID } from 'node:crypto';
import type { StoredAccessToken } from '../../src/domain/access-token.js';
import type { RefreshToken } from '../../src/domain/refresh-token.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { hostileNames } from './names.js';
import { aRefreshToken, aRotation } from './refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';

/** Names and values with a special meaning in an array or in JSON, in no alphabetical order. */
const pairs = [...hostileNames, '', 'NULL', '{NULL,"a"}', '["a","b"]', '\\"', ','].map(
  (name, index) => [`${index % 3}${name}`, name] as const,
);

/** How often an import and a revocation are raced. */
const rounds = 10;

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

  describe('tokens of one family', () => {
    const add = (accessTokens: StoredAccessToken[], refreshTokens: RefreshToken[]) =>
      stores.importer.add({ accessTokens, refreshTokens });
    const revoke = (family: string) => stores.refreshTokens.revokeFamily(family, byClient);
    const living = (...tokens: { readonly hash: Buffer }[]) =>
      Promise.all(
        tokens.map(
          async ({ hash }) =>
            (await stores.accessTokens.find(hash)) !== undefined ||
            (await stores.refreshTokens.find(hash)) !== undefined,
        ),
      );

    it('are stored with it, and are revoked together', async () => {
      const family = randomUUID();
      const access = [aToken({ family }), aToken({ family })];
      const refresh = [aRefreshToken({ family }), aRefreshToken({ family })];
      const others = [aToken(), aToken({ family: randomUUID() })];
      expect(await add([...access, ...others], refresh)).toBe(6);
      for (const token of access) expect(await stores.accessTokens.find(token.hash)).toEqual(factsOf(token));
      for (const token of refresh) expect(await stores.refreshTokens.find(token.hash)).toEqual(token);
      await revoke(family);
      expect(await living(...access, ...refresh, ...others)).toEqual([
        false,
        false,
        false,
        false,
        true,
        true,
      ]);
    });

    it.each(['access', 'refresh'])('may come in two batches, the %s token first', async (first) => {
      const family = randomUUID();
      const access = aToken({ family });
      const refresh = aRefreshToken({ family });
      if (first === 'access') expect(await add([access], [])).toBe(1);
      expect(await add([], [refresh])).toBe(1);
      if (first === 'refresh') expect(await add([access], [])).toBe(1);
      expect(await stores.refreshTokens.find(refresh.hash)).toEqual(refresh);
      expect(await living(access)).toEqual([true]);
      await revoke(family);
      expect(await living(access, refresh)).toEqual([false, false]);
    });

    it('can be imported again, with others that are new', async () => {
      const family = randomUUID();
      const access = [aToken({ family }), aToken({ family })];
      const refresh = [aRefreshToken({ family }), aRefreshToken({ family })];
      expect(await add([access[0]], [refresh[0]])).toBe(2);
      expect(await add([access[0]], [refresh[0]])).toBe(0);
      expect(await add(access, refresh)).toBe(2);
      expect(await living(...access, ...refresh)).toEqual([true, true, true, true]);
      await revoke(family);
      expect(await living(...access, ...refresh)).toEqual([false, false, false, false]);
    });

    it('are rotated as those that were issued here, and end with the reuse of an old one', async () => {
      const family = randomUUID();
      const access = aToken({ family });
      const refresh = aRefreshToken({ family });
      await add([access], [refresh]);
      const rotation = aRotation(refresh);
      expect(await stores.refreshTokens.rotate(rotation)).toBe(true);
      expect(await add([access], [refresh])).toBe(0);
      expect(await stores.refreshTokens.rotate(aRotation(refresh))).toBe(false);
      const issued = [rotation.accessToken, rotation.successor];
      expect(await living(access, ...issued)).toEqual([true, true, true]);
      await revoke(family);
      expect(await living(access, refresh, ...issued)).toEqual([false, false, false, false]);
    });

    it('are not added when the family was revoked, known ones or new ones', async () => {
      const family = randomUUID();
      const [known, later] = [aToken({ family }), aToken({ family })];
      const [knownRefresh, laterRefresh] = [aRefreshToken({ family }), aRefreshToken({ family })];
      await add([known], [knownRefresh]);
      await revoke(family);
      const other = aToken();
      const longer = aRefreshToken({
        family,
        expiresAt: Date.UTC(2030, 0, 1),
        familyExpiresAt: Date.UTC(2031, 0, 1),
      });
      expect(await add([known, later, other], [knownRefresh, laterRefresh, longer])).toBe(1);
      expect(await add([later], [])).toBe(0);
      expect(await add([], [longer])).toBe(0);
      expect(await living(known, later, knownRefresh, laterRefresh, longer)).toEqual(Array(5).fill(false));
      expect(await living(other)).toEqual([true]);
    });

    it('stay as they are where they were imported without it', async () => {
      const family = randomUUID();
      const [access, refresh] = [aToken(), aRefreshToken()];
      await add([access], [refresh]);
      expect(await add([{ ...access, family }], [{ ...refresh, family }])).toBe(0);
      await revoke(family);
      expect(await living(access, refresh)).toEqual([true, true]);
      await revoke(refresh.family);
      expect(await living(access, refresh)).toEqual([true, false]);
    });

    it('are dead, whichever comes first, when the family is revoked during the import of others', async () => {
      for (let round = 0; round < rounds; round += 1) {
        const family = randomUUID();
        const first = aRefreshToken({ family });
        await add([], [first]);
        const [access, refresh] = [aToken({ family }), aRefreshToken({ family })];
        await Promise.all([add([access], [refresh]), revoke(family)]);
        expect(await living(first, access, refresh)).toEqual([false, false, false]);
      }
    });

    it('are added once by two imports at the same time', async () => {
      for (let round = 0; round < rounds; round += 1) {
        const family = randomUUID();
        const [access, refresh] = [[aToken({ family })], [aRefreshToken({ family })]];
        const added = await Promise.all([add(access, refresh), add(access, refresh), add(access, [])]);
        expect(added.reduce((sum, count) => sum + count)).toBe(2);
        expect(await living(...access, ...refresh)).toEqual([true, true]);
        await revoke(family);
        expect(await living(...access, ...refresh)).toEqual([false, false]);
      }
    });
  });
}
