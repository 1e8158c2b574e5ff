import { randomUUID } from 'node:crypto';
import { hashToken } from '../../src/domain/access-token.js';
import type {
  AuthorizationCode,
  AuthorizationCodeStore,
  Redemption,
} from '../../src/domain/authorization-code.js';
import type { RefreshToken } from '../../src/domain/refresh-token.js';
import type { Revocation } from '../../src/domain/token-record.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { aRefreshToken, type Race, type TokenStores } from './refresh-token-store.contract.js';

/** A store of codes, and the stores of their tokens. */
export interface CodeStores extends TokenStores {
  readonly codes: AuthorizationCodeStore;
}

const now = Date.UTC(2026, 0, 1);

const shortRace: Race = { rounds: 10, rivals: 20 };

const byReplay: Revocation = { at: now + 2000, by: 'reuse' };

/** What every AuthorizationCodeStore must do. */
export function authorizationCodeStoreContract(open: () => CodeStores): void {
  let stores: CodeStores;
  let store: AuthorizationCodeStore;
  beforeAll(() => {
    stores = open();
    store = stores.codes;
  });

  const stored = async (values: Partial<AuthorizationCode> = {}): Promise<AuthorizationCode> => {
    const code = aCode(values);
    await store.insert(code);
    return code;
  };

  it('finds nothing under a hash that was never stored', async () => {
    expect(await store.find(hashToken(randomUUID()))).toBeUndefined();
  });

  it('returns every stored field', async () => {
    const code = await stored({
      realm: '/alpha/beta',
      clientId: "' or 1=1--",
      username: 'ἄλφα 😀',
      scope: ['write', '12', '__proto__'],
      authLevel: 2_147_483_647,
      redirectUri: 'http://127.0.0.1:49152/callback?a=%20',
      codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      epochs: { realm: 1, client: 2 ** 31, resourceOwner: Number.MAX_SAFE_INTEGER },
      state: '&#<">\r\n😀',
      additionalInformation: [
        ['12', 'first'],
        ['__proto__', '{"a":[1]}'],
      ],
    });
    expect(await store.find(code.hash)).toEqual(code);
    const bare = await stored();
    expect(await store.find(bare.hash)).toEqual(bare);
  });

  it('finds an expired code too', async () => {
    const code = await stored({ issuedAt: 0, expiresAt: 1000 });
    expect(await store.find(code.hash)).toEqual(code);
  });

  it.each([
    ['with a refresh token', true],
    ['without one', false],
  ])('redeems a code %s: it is used, and the tokens are stored', async (_, refreshing) => {
    const code = await stored();
    const redemption = aRedemption(code, refreshing);
    expect(await store.redeem(redemption)).toBe(true);
    expect(await store.find(code.hash)).toEqual({ ...code, usedAt: now });
    await expectIssued(stores, redemption, true);
  });

  it('changes nothing when the code was used before, or is not stored', async () => {
    const code = await stored();
    await store.redeem(aRedemption(code));
    for (const again of [aRedemption(code), aRedemption(code, false), aRedemption(aCode())]) {
      expect(await store.redeem({ ...again, now: now + 1 })).toBe(false);
      await expectIssued(stores, again, false);
    }
    expect(await store.find(code.hash)).toEqual({ ...code, usedAt: now });
  });

  it('lets exactly one of many concurrent callers redeem a code', () => exactlyOneRedeems(stores));

  it.each([
    ['with a refresh token', true],
    ['without one', false],
  ])('ends all tokens of a replayed code %s, and no other', async (_, refreshing) => {
    const [code, other] = [await stored(), await stored()];
    const [redemption, others] = [aRedemption(code, refreshing), aRedemption(other, refreshing)];
    await store.redeem(redemption);
    await store.redeem(others);
    await store.endReplayed(code, byReplay);
    await expectIssued(stores, redemption, false);
    await expectIssued(stores, others, true);
    await store.endReplayed(code, byReplay);
    await expectIssued(stores, redemption, false);
  });

  it('ends the tokens that a refresh has added', async () => {
    const code = await stored();
    const { refreshToken: presented, ...rest } = aRedemption(code);
    await store.redeem({ ...rest, refreshToken: presented });
    const successor = { ...presented!, hash: hashToken(randomUUID()) };
    const accessToken = aToken({ family: code.family, grantType: 'refresh_token' });
    const rotation = { presented: presented!, now, preserved: false, accessToken, successor };
    expect(await stores.refreshTokens.rotate(rotation)).toBe(true);
    await store.endReplayed(code, byReplay);
    expect(await stores.refreshTokens.find(successor.hash)).toBeUndefined();
    expect(await stores.accessTokens.find(accessToken.hash)).toBeUndefined();
  });

  it('leaves no token alive where a replay meets the redemption', () => nothingOutlivesReplay(stores));
}

/** Lets many callers redeem one code at the same time, in several rounds: each time exactly one gets its tokens. */
export async function exactlyOneRedeems(
  stores: CodeStores,
  { rounds, rivals }: Race = shortRace,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const code = aCode();
    await stores.codes.insert(code);
    const redemptions = Array.from({ length: rivals }, (_, rival) => aRedemption(code, rival % 2 === 0));
    const told = await Promise.all(redemptions.map((redemption) => stores.codes.redeem(redemption)));
    expect(told.filter((won) => won)).toHaveLength(1);
    for (const [index, redemption] of redemptions.entries()) {
      await expectIssued(stores, redemption, told[index]);
    }
  }
}

/**
 * Redeems a code, and ends it as replayed as soon as it is found used. Whatever the order, no token is alive then that
 * the redeemer was told of.
 */
export async function nothingOutlivesReplay(
  stores: CodeStores,
  { rounds }: Pick<Race, 'rounds'> = shortRace,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const code = aCode();
    await stores.codes.insert(code);
    const redemption = aRedemption(code, round % 2 === 0);
    const replay = async () => {
      while ((await stores.codes.find(code.hash))?.usedAt === undefined);
      await stores.codes.endReplayed(code, byReplay);
    };
    await Promise.all([stores.codes.redeem(redemption), replay()]);
    await expectIssued(stores, redemption, false);
  }
}

async function expectIssued(
  { accessTokens, refreshTokens }: TokenStores,
  { accessToken, refreshToken }: Redemption,
  issued: boolean,
): Promise<void> {
  expect(await accessTokens.find(accessToken.hash)).toEqual(issued ? factsOf(accessToken) : undefined);
  if (!refreshToken) return;
  expect(await refreshTokens.find(refreshToken.hash)).toEqual(issued ? refreshToken : undefined);
}

/** A code of a new family. */
export function aCode(values: Partial<AuthorizationCode> = {}): AuthorizationCode {
  return {
    hash: hashToken(randomUUID()),
    family: randomUUID(),
    realm: '/',
    clientId: 'client',
    username: 'owner',
    scope: ['read'],
    authLevel: 0,
    epochs: { realm: 1, client: 2, resourceOwner: 3 },
    issuedAt: now,
    expiresAt: now + 60_000,
    ...values,
  };
}

/** A redemption for an access token and, unless stated, a refresh token of the code's family. */
export function aRedemption(code: AuthorizationCode, refreshing = true): Redemption {
  const { family } = code;
  const refreshToken: RefreshToken | undefined = refreshing ? aRefreshToken({ family }) : undefined;
  const accessToken = aToken({ family, grantType: 'authorization_code' });
  return { code, now, accessToken, refreshToken, ifReplayed: byReplay };
}
