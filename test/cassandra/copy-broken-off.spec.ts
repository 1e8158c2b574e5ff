import { randomUUID } from 'node:crypto';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { aFamily, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import { CopiedStores } from './copied-stores.js';

let stores: CopiedStores;

beforeAll(async () => (stores = await CopiedStores.open()));
beforeEach(() => stores.emptyOld());
afterAll(() => stores.close());

const start = Date.UTC(2026, 0, 1);
const rounds = 20;

class BrokenOff extends Error {}

/** The methods that change something. */
const changing = new Set<string | symbol>(['write', 'writeTogether', 'decide']);

/** A session that changes something so many times, and then ends as a killed process does. */
function sessionOf(acts: number): CassandraSession {
  let left = acts;
  return new Proxy(stores.session, {
    get(session, property) {
      if (changing.has(property)) {
        left -= 1;
        if (left < 0) throw new BrokenOff();
      }
      const value: unknown = Reflect.get(session, property);
      return typeof value === 'function' ? value.bind(session) : value;
    },
  });
}

/**
 * Breaks a copy off before its first act that changes something, before its second one, and so on; then copies again.
 * @param check is told whether the copy is complete
 * @returns how many acts a copy needs
 */
async function breakOffEverywhere<Tokens>(
  prepare: () => Promise<Tokens>,
  check: (tokens: Tokens, complete: boolean) => Promise<void>,
): Promise<number> {
  for (let acts = 0; ; acts += 1) {
    await stores.emptyOld();
    const tokens = await prepare();
    try {
      await stores.copy(sessionOf(acts));
      return acts;
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
    }
    await check(tokens, false);
    await stores.copy();
    await check(tokens, true);
  }
}

describe('a run that was broken off anywhere, and the next one', () => {
  it('copies an access token, and puts it on the list of its user', async () => {
    const prepare = async () => {
      const { first } = await aFamily(stores.old);
      const token = aToken({ username: randomUUID(), family: first.family });
      await stores.old.accessTokens.insert(token);
      return token;
    };
    const acts = await breakOffEverywhere(prepare, async (token, complete) => {
      if (!complete) return;
      expect(await stores.new.accessTokens.find(token.hash)).toEqual(factsOf(token));
      const cql = "SELECT hash FROM user_token WHERE realm = '/' AND username = ?";
      expect(await stores.read(cql, token.username)).toHaveLength(1);
      await stores.new.refreshTokens.revokeFamily(token.family!, byClient);
      expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
    });
    expect(acts).toBeGreaterThan(5);
  });

  it('never makes a revoked access token active', async () => {
    const prepare = async () => {
      const token = aToken();
      await stores.old.accessTokens.insert(token);
      await stores.old.accessTokens.revoke(token.hash, { at: start + 1, by: 'admin' });
      return token;
    };
    const acts = await breakOffEverywhere(prepare, async (token, complete) => {
      expect(await stores.new.accessTokens.find(token.hash)).toBeUndefined();
      if (complete) await stores.expectSame({ access: [token] });
    });
    expect(acts).toBe(4);
  });

  it('never makes a used refresh token usable', async () => {
    const prepare = async () => {
      const { first } = await aFamily(stores.old);
      const { successor, ...rotation } = aRotation(first);
      await stores.old.refreshTokens.rotate({ ...rotation, successor });
      return { first, successor };
    };
    const acts = await breakOffEverywhere(prepare, async ({ first, successor }, complete) => {
      expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
      if (!complete) return;
      await stores.expectSame({ refresh: [first, successor] });
      expect(await stores.new.refreshTokens.rotate(aRotation(successor))).toBe(true);
    });
    expect(acts).toBeGreaterThan(8);
  });

  /** A family that was rotated and then revoked. @param between is done before that */
  const revokedFamily = async (between: () => Promise<unknown>) => {
    const { first, access } = await aFamily(stores.old);
    await between();
    const rotation = aRotation(first);
    await stores.old.refreshTokens.rotate(rotation);
    await stores.old.refreshTokens.revokeFamily(first.family, { at: start + 1, by: 'reuse' });
    const refresh = [first, rotation.successor];
    return { refresh, access: [access, rotation.accessToken] };
  };

  it('never makes a token of a revoked family active', async () => {
    const prepare = () => revokedFamily(async () => {});
    const acts = await breakOffEverywhere(prepare, async ({ refresh, access }, complete) => {
      for (const { hash } of refresh) expect(await stores.new.refreshTokens.find(hash)).toBeUndefined();
      for (const { hash } of access) expect(await stores.new.accessTokens.find(hash)).toBeUndefined();
      if (complete) await stores.expectSame({ refresh, access });
    });
    expect(acts).toBeGreaterThan(10);
  });

  it('revokes a family that was copied before its new tokens come, and notifies every node in the end', async () => {
    const prepare = () => revokedFamily(() => stores.copy());
    const acts = await breakOffEverywhere(prepare, async ({ refresh, access }, complete) => {
      expect(await stores.new.refreshTokens.find(refresh[1].hash)).toBeUndefined();
      expect(await stores.new.accessTokens.find(access[1].hash)).toBeUndefined();
      if (!complete) return;
      await stores.expectSame({ refresh, access });
      const told = stores.surroundings.feed.announced.flatMap((change) =>
        typeof change === 'object' && 'accessTokens' in change ? change.accessTokens : [],
      );
      expect(told).toContainEqual(access[0].hash);
    });
    expect(acts).toBeGreaterThan(10);
  });
});

describe('while servers work on Cassandra', () => {
  it('no access token of a family that is revoked meanwhile stays active', async () => {
    for (let round = 0; round < rounds; round += 1) {
      await stores.emptyOld();
      const { first } = await aFamily(stores.old);
      await stores.copy();
      const rotations = Array.from({ length: 4 }, () => aRotation(first, { forgivenSince: start }));
      for (const rotation of rotations) await stores.old.refreshTokens.rotate(rotation);
      await Promise.all([
        stores.copy(),
        stores.new.refreshTokens.revokeFamily(first.family, { at: start + round, by: 'admin' }),
      ]);
      for (const { accessToken, successor } of rotations) {
        expect(await stores.new.accessTokens.find(accessToken.hash)).toBeUndefined();
        expect(await stores.new.refreshTokens.find(successor.hash)).toBeUndefined();
      }
    }
  });

  it('a token that is used meanwhile is used once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      await stores.emptyOld();
      const { first } = await aFamily(stores.old);
      await stores.copy();
      await stores.old.refreshTokens.rotate(aRotation(first, { now: start + 1 }));
      const rotation = aRotation(first, { now: start + 2 });
      const [, won] = await Promise.all([stores.copy(), stores.new.refreshTokens.rotate(rotation)]);
      const { usedAt } = (await stores.new.refreshTokens.find(first.hash))!;
      expect(usedAt).toBe(won ? start + 2 : start + 1);
      expect(await stores.new.refreshTokens.rotate(aRotation(first))).toBe(false);
    }
  });
});

it('two runs at once do what one does', async () => {
  const { first, access } = await aFamily(stores.old);
  const rotation = aRotation(first);
  await stores.old.refreshTokens.rotate(rotation);
  const other = await aFamily(stores.old);
  await stores.old.refreshTokens.revokeFamily(other.first.family, byClient);
  await Promise.all([stores.copy(), stores.copy()]);
  const refresh = [first, rotation.successor, other.first];
  await stores.expectSame({ access: [access, rotation.accessToken, other.access], refresh });
  await stores.expectCopied({ alreadyThere: 6 });
});
