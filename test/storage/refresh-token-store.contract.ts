import { randomUUID } from 'node:crypto';
import { type StoredAccessToken, type AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import {
  maxRetries,
  type RefreshToken,
  type RefreshTokenStore,
  type Rotation,
} from '../../src/domain/refresh-token.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { byClient } from '../support/audit.js';

/** A store of refresh tokens, and the store of the access tokens that are issued with them. */
export interface TokenStores {
  readonly accessTokens: AccessTokenStore;
  readonly refreshTokens: RefreshTokenStore;
}

const now = Date.UTC(2026, 0, 1);

/** How often a race is run, and by how many. */
export interface Race {
  readonly rounds: number;
  readonly rivals: number;
}

const shortRace: Race = { rounds: 10, rivals: 20 };

/** What every RefreshTokenStore must do. */
export function refreshTokenStoreContract(open: () => TokenStores): void {
  let stores: TokenStores;
  let store: RefreshTokenStore;
  beforeAll(() => {
    stores = open();
    store = stores.refreshTokens;
  });

  const find = async ({ hash }: RefreshToken) => store.find(hash);
  const findAccess = async ({ hash }: StoredAccessToken) => stores.accessTokens.find(hash);

  it('finds nothing under a hash that was never stored, or under that of an access token', async () => {
    const { access } = await aFamily(stores);
    expect(await store.find(hashToken(randomUUID()))).toBeUndefined();
    expect(await store.find(access.hash)).toBeUndefined();
  });

  it('begins a family with its first pair, and returns every stored field', async () => {
    const { first, access } = await aFamily(stores, {
      realm: '/alpha/beta',
      clientId: "' or 1=1--",
      username: 'ἄλφα 😀',
      scope: ['write', '12', '__proto__'],
      authLevel: 2_147_483_647,
      expiresAt: now + 1,
      familyExpiresAt: Date.UTC(9999, 11, 31),
      epochs: { realm: 1, client: 2 ** 31, resourceOwner: Number.MAX_SAFE_INTEGER },
      additionalInformation: [
        ['12', 'first'],
        ['__proto__', '{"a":[1]}'],
      ],
    });
    expect(await find(first)).toEqual(first);
    expect(await findAccess(access)).toEqual(factsOf(access));
  });

  it('rotates: the token is used up, and the new tokens are stored', async () => {
    const { first, access } = await aFamily(stores);
    const rotation = aRotation(first);
    expect(await store.rotate(rotation)).toBe(true);
    expect(await find(first)).toEqual({ ...first, usedAt: now });
    expect(await find(rotation.successor)).toEqual(rotation.successor);
    expect(await findAccess(rotation.accessToken)).toEqual(factsOf(rotation.accessToken));
    expect(await findAccess(access)).toEqual(factsOf(access));
  });

  it('rotates without a successor', async () => {
    const { first } = await aFamily(stores);
    expect(await store.rotate(aRotation(first, { successor: undefined }))).toBe(true);
    expect(await find(first)).toEqual({ ...first, usedAt: now });
    await expectUnchanged(stores, aRotation(first));
  });

  it('does not use up a token that is preserved, however often it is presented', async () => {
    const { first } = await aFamily(stores);
    for (let use = 0; use < maxRetries + 3; use += 1) {
      const rotation = aRotation(first, { preserved: true, successor: undefined });
      expect(await store.rotate(rotation)).toBe(true);
      expect(await findAccess(rotation.accessToken)).toEqual(factsOf(rotation.accessToken));
    }
    expect(await find(first)).toEqual(first);
  });

  it('does not make a used token usable again by preserving it', async () => {
    const { first } = await aFamily(stores);
    await store.rotate(aRotation(first));
    await expectUnchanged(stores, aRotation(first, { preserved: true }));
    await expectUnchanged(stores, aRotation(first, { preserved: true, forgivenSince: 0 }));
  });

  it('changes nothing when the token was used before', async () => {
    const { first } = await aFamily(stores);
    await store.rotate(aRotation(first));
    await expectUnchanged(stores, aRotation(first, { now: now + 1 }));
    expect(await find(first)).toEqual({ ...first, usedAt: now });
  });

  it('changes nothing for a token that is not stored', async () => {
    await expectUnchanged(stores, aRotation(aRefreshToken()));
    const { first } = await aFamily(stores);
    await expectUnchanged(stores, aRotation({ ...first, hash: hashToken(randomUUID()) }));
    expect(await find(first)).toEqual(first);
  });

  it('lets exactly one of many concurrent callers rotate a token', () => exactlyOneRotates(stores));

  describe('forgiving a retry', () => {
    it(`stores a new pair each time, ${maxRetries} times in all`, async () => {
      const { first } = await aFamily(stores);
      for (let use = 0; use <= maxRetries; use += 1) {
        const rotation = aRotation(first, { now: now + use, forgivenSince: now });
        expect(await store.rotate(rotation)).toBe(true);
        expect(await find(rotation.successor)).toEqual(rotation.successor);
        expect(await findAccess(rotation.accessToken)).toEqual(factsOf(rotation.accessToken));
      }
      await expectUnchanged(stores, aRotation(first, { forgivenSince: now }));
      expect(await find(first)).toEqual({ ...first, usedAt: now });
    });

    it('applies only to a token that was first used recently enough', async () => {
      const { first } = await aFamily(stores);
      await store.rotate(aRotation(first, { now, forgivenSince: now - 5 }));
      expect(await store.rotate(aRotation(first, { now: now + 5, forgivenSince: now }))).toBe(true);
      await expectUnchanged(stores, aRotation(first, { now: now + 6, forgivenSince: now + 1 }));
      await expectUnchanged(stores, aRotation(first, { now: now + 6 }));
    });

    it(`applies to at most ${maxRetries} of many concurrent callers`, async () => {
      for (let round = 0; round < shortRace.rounds; round += 1) {
        const { first } = await aFamily(stores);
        const won = await winners(stores, first, shortRace.rivals, { forgivenSince: now - 1000 });
        expect(won).toHaveLength(1 + maxRetries);
      }
    });
  });

  describe('revoking a family', () => {
    it('revokes every one of its tokens, and no other', async () => {
      const other = await aFamily(stores);
      const alone = aToken();
      await stores.accessTokens.insert(alone);
      const { first, access } = await aFamily(stores);
      const rotation = aRotation(first);
      await store.rotate(rotation);
      await store.revokeFamily(first.family, byClient);
      expect(await find(first)).toBeUndefined();
      expect(await find(rotation.successor)).toBeUndefined();
      expect(await findAccess(access)).toBeUndefined();
      expect(await findAccess(rotation.accessToken)).toBeUndefined();
      expect(await find(other.first)).toEqual(other.first);
      expect(await findAccess(other.access)).toEqual(factsOf(other.access));
      expect(await findAccess(alone)).toEqual(factsOf(alone));
    });

    it('lets none of its tokens be rotated, used or unused', async () => {
      const { first } = await aFamily(stores);
      const { successor, ...rest } = aRotation(first);
      await store.rotate({ ...rest, successor });
      await store.revokeFamily(first.family, byClient);
      for (const presented of [first, successor]) {
        await expectUnchanged(stores, aRotation(presented));
        await expectUnchanged(stores, aRotation(presented, { forgivenSince: 0 }));
        await expectUnchanged(stores, aRotation(presented, { preserved: true }));
      }
    });

    it('again, or one that never existed, does nothing', async () => {
      const { first } = await aFamily(stores);
      await store.revokeFamily(first.family, byClient);
      await store.revokeFamily(first.family, byClient);
      await store.revokeFamily(randomUUID(), byClient);
      expect(await find(first)).toBeUndefined();
    });

    it('also revokes the tokens of a rotation under way', () => nothingOutlivesRevocation(stores));
  });
}

/**
 * Lets many callers rotate one token at the same time, in several rounds: each time exactly one succeeds, and
 * no tokens of the others are stored.
 */
export async function exactlyOneRotates(
  stores: TokenStores,
  { rounds, rivals }: Race = shortRace,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const { first } = await aFamily(stores);
    expect(await winners(stores, first, rivals)).toHaveLength(1);
  }
}

/**
 * Rotates and revokes a family at the same time, in several rounds: each begins first in every second round.
 * None of the family's tokens may be found afterwards.
 */
export async function nothingOutlivesRevocation(
  stores: TokenStores,
  { rounds }: Pick<Race, 'rounds'> = shortRace,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const { first, access } = await aFamily(stores);
    const rotation = aRotation(first);
    const acts = [
      () => stores.refreshTokens.rotate(rotation),
      () => stores.refreshTokens.revokeFamily(first.family, byClient),
    ];
    await Promise.all((round % 2 === 0 ? acts : acts.reverse()).map((act) => act()));
    for (const { hash } of [first, rotation.successor]) {
      expect(await stores.refreshTokens.find(hash)).toBeUndefined();
    }
    for (const { hash } of [access, rotation.accessToken]) {
      expect(await stores.accessTokens.find(hash)).toBeUndefined();
    }
  }
}

/**
 * Lets many callers rotate a token at the same time, and returns the rotations that succeeded. The tokens of
 * these must be stored, and no others.
 */
async function winners(
  stores: TokenStores,
  presented: RefreshToken,
  rivals: number,
  values: Partial<Rotation> = {},
): Promise<FullRotation[]> {
  const rotations = Array.from({ length: rivals }, () => aRotation(presented, values));
  const told = await Promise.all(rotations.map((rotation) => stores.refreshTokens.rotate(rotation)));
  await expectKept(stores, rotations, told);
  return rotations.filter((_, index) => told[index]);
}

/** Sees that the new tokens of the rotations that have succeeded are stored, and no others. */
export async function expectKept(
  { accessTokens, refreshTokens }: TokenStores,
  rotations: readonly FullRotation[],
  told: readonly boolean[],
): Promise<void> {
  const kept = await Promise.all(
    rotations.map(async ({ accessToken, successor }) => [
      (await accessTokens.find(accessToken.hash)) !== undefined,
      (await refreshTokens.find(successor.hash)) !== undefined,
    ]),
  );
  expect(kept).toEqual(told.map((won) => [won, won]));
}

async function expectUnchanged(
  { accessTokens, refreshTokens }: TokenStores,
  rotation: FullRotation,
): Promise<void> {
  const before = await refreshTokens.find(rotation.presented.hash);
  expect(await refreshTokens.rotate(rotation)).toBe(false);
  expect(await refreshTokens.find(rotation.presented.hash)).toEqual(before);
  expect(await refreshTokens.find(rotation.successor.hash)).toBeUndefined();
  expect(await accessTokens.find(rotation.accessToken.hash)).toBeUndefined();
}

/** Begins a family, and returns its first pair. */
export async function aFamily(
  { refreshTokens }: TokenStores,
  values: Partial<RefreshToken> = {},
): Promise<{ first: RefreshToken; access: StoredAccessToken }> {
  const first = aRefreshToken(values);
  const access = aToken({ family: first.family });
  await refreshTokens.begin(first, access);
  return { first, access };
}

/** A rotation to a new pair. */
export type FullRotation = Rotation & { readonly successor: RefreshToken };

/** A rotation of a token to a new pair. */
export function aRotation(presented: RefreshToken, values: Partial<Rotation> = {}): FullRotation {
  return {
    presented,
    now,
    preserved: false,
    accessToken: aToken({ family: presented.family, grantType: 'refresh_token' }),
    successor: { ...presented, hash: hashToken(randomUUID()), usedAt: undefined },
    ...values,
  };
}

/** A refresh token of a new family. */
export function aRefreshToken(values: Partial<RefreshToken> = {}): RefreshToken {
  return {
    hash: hashToken(randomUUID()),
    family: randomUUID(),
    realm: '/',
    clientId: 'client',
    username: 'owner',
    scope: ['read'],
    authLevel: 0,
    issuedAt: now,
    expiresAt: now + 43_200_000,
    familyExpiresAt: now + 2_592_000_000,
    epochs: { realm: 1, client: 2, resourceOwner: 3 },
    ...values,
  };
}
