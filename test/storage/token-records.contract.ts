import { randomUUID } from 'node:crypto';
import type { Place } from '../../src/domain/page.js';
import { type ListedToken, placeOfToken } from '../../src/domain/token-record.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';

const first = Date.UTC(2026, 0, 2);
const later = first + 1000;

/** What every storage must pass. */
export function tokenRecordsContract(open: () => TokenStorage): void {
  it('finds a token whether or not it was revoked, and keeps its first revocation', async () => {
    const { accessTokens, records } = open();
    const token = aToken();
    await accessTokens.insert(token);
    expect(await records.findAccessToken(token.hash)).toMatchObject({ token: factsOf(token) });
    expect((await records.findAccessToken(token.hash))?.revocation).toBeUndefined();
    await accessTokens.revoke(token.hash, { at: first, by: 'client' });
    await accessTokens.revoke(token.hash, { at: later, by: 'admin' });
    expect(await accessTokens.find(token.hash)).toBeUndefined();
    expect(await records.findAccessToken(token.hash)).toMatchObject({
      token: factsOf(token),
      revocation: { at: first, by: 'client' },
    });
  });

  it('finds the tokens of a revoked family, and by whom it was revoked first', async () => {
    const { accessTokens, refreshTokens, records } = open();
    const refresh = aRefreshToken();
    const access = aToken({ family: refresh.family });
    const revokedBefore = aToken({ family: refresh.family });
    await refreshTokens.begin(refresh, access);
    await accessTokens.insert(revokedBefore);
    await accessTokens.revoke(revokedBefore.hash, { at: first - 1, by: 'client' });
    expect(await records.findFamilyRevocation(refresh.family)).toBeUndefined();
    await refreshTokens.revokeFamily(refresh.family, { at: first, by: 'reuse' });
    await refreshTokens.revokeFamily(refresh.family, { at: later, by: 'client' });
    expect(await records.findFamilyRevocation(refresh.family)).toEqual({ at: first, by: 'reuse' });
    expect((await records.findAccessToken(access.hash))?.revocation).toEqual({ at: first, by: 'family' });
    expect((await records.findAccessToken(revokedBefore.hash))?.revocation).toEqual({
      at: first - 1,
      by: 'client',
    });
    expect(await records.findRefreshToken(refresh.hash)).toMatchObject({
      token: { family: refresh.family, familyExpiresAt: refresh.familyExpiresAt },
      revocation: { at: first, by: 'reuse' },
    });
    expect(await refreshTokens.find(refresh.hash)).toBeUndefined();
  });

  it('finds whose a family is, revoked or not, with and without refresh tokens', async () => {
    const { refreshTokens, records } = open();
    const refresh = aRefreshToken();
    await refreshTokens.begin(refresh, aToken({ family: refresh.family }));
    const lone = aToken({ family: randomUUID() });
    await refreshTokens.begin(undefined, lone);
    for (const token of [refresh, lone]) {
      const { realm, clientId, username } = token;
      expect(await records.findFamilyOwner(token.family!)).toEqual({ realm, clientId, username });
    }
    await refreshTokens.revokeFamily(refresh.family, { at: first, by: 'admin' });
    expect(await records.findFamilyOwner(refresh.family)).toMatchObject({ clientId: refresh.clientId });
    expect(await records.findFamilyOwner(randomUUID())).toBeUndefined();
  });

  it('lists the access tokens of a user, newest first, in parts', async () => {
    const { accessTokens, records } = open();
    const [realm, username] = [`/${randomUUID()}`, `o'neil %😀`];
    const times = [...[5, 1, 3, 3, 3, 3].map((seconds) => first + seconds * 1000), later];
    const tokens = times.map((issuedAt) => aToken({ realm, username, issuedAt }));
    for (const token of tokens) await accessTokens.insert(token);
    await accessTokens.insert(aToken({ realm, username: 'another' }));
    await accessTokens.insert(aToken({ realm: '/', username }));
    await accessTokens.insert(aToken({ realm, username: undefined, clientId: username }));
    await accessTokens.revoke(tokens[1].hash, { at: later, by: 'admin' });

    const found: ListedToken[] = [];
    for (let before: Place | undefined; ;) {
      const part = await records.listOfUser(realm, username, { limit: 2, before });
      expect(part.tokens.length).toBeLessThanOrEqual(2);
      found.push(...part.tokens);
      if (part.last === undefined) break;
      expect(part.last).toEqual(placeOfToken(found.at(-1)!));
      before = part.last;
    }
    const seconds = found.map(({ token }) => (token.issuedAt - first) / 1000);
    expect(seconds).toEqual([5, 3, 3, 3, 3, 1, 1]);
    for (const token of tokens) {
      const listed = found.filter(({ hash }) => hash.equals(token.hash));
      const revocation = token === tokens[1] ? { at: later, by: 'admin' } : undefined;
      expect(listed).toEqual([{ hash: token.hash, token: factsOf(token), revocation }]);
    }
    expect(await records.listOfUser(realm, 'nobody', { limit: 2 })).toEqual({ tokens: [] });
  });

  it('finds nothing where nothing is', async () => {
    const { records } = open();
    expect(await records.findAccessToken(aToken().hash)).toBeUndefined();
    expect(await records.findRefreshToken(aRefreshToken().hash)).toBeUndefined();
    expect(await records.findFamilyRevocation(aRefreshToken().family)).toBeUndefined();
  });
}
