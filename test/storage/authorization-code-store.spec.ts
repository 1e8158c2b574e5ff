import { SeparateCodeStore } from '../../src/domain/code-register.js';
import type { RefreshTokenStore } from '../../src/domain/refresh-token.js';
import { MemoryCodeRegister } from '../../src/storage/memory/code-register.js';
import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { PostgresAuthorizationCodeStore } from '../../src/storage/postgres/authorization-code-store.js';
import { PostgresCodeRegister } from '../../src/storage/postgres/code-register.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { RecordedEvents } from '../support/audit.js';
import { onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import {
  aCode,
  aRedemption,
  authorizationCodeStoreContract,
  type CodeStores,
  exactlyOneRedeems,
  nothingOutlivesReplay,
} from './authorization-code-store.contract.js';
import { NaiveCodeStore } from './naive-code-store.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 0, 1);

let running: RunningDatabase;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

const inPostgres = (on = database) => ({
  accessTokens: new PostgresAccessTokenStore(on, new RecordedChanges()),
  refreshTokens: new PostgresRefreshTokenStore(on, new RecordedChanges()),
});

const together = (on = database): CodeStores => {
  const stores = inPostgres(on);
  const register = new PostgresCodeRegister(on);
  return { ...stores, codes: new PostgresAuthorizationCodeStore(on, register, stores.refreshTokens) };
};

const apart = (): CodeStores => {
  const tokens = new MemoryTokenStore(new StoppedClock(), new RecordedEvents());
  const { refreshTokens } = tokens;
  const codes = new SeparateCodeStore(new PostgresCodeRegister(database), refreshTokens);
  return { codes, accessTokens: tokens, refreshTokens };
};

const inMemory = (): CodeStores => {
  const clock = new StoppedClock();
  const tokens = new MemoryTokenStore(clock, new RecordedEvents());
  const { refreshTokens } = tokens;
  const codes = new SeparateCodeStore(new MemoryCodeRegister(clock), refreshTokens);
  return { codes, accessTokens: tokens, refreshTokens };
};

describe('codes in the database of their tokens', () => {
  authorizationCodeStoreContract(together);

  (onServer ? it : it.skip)('are redeemed once where transactions are serializable by default', async () => {
    const { url } = running.connection as { url: string };
    const strict = `${url}?options=${encodeURIComponent('-c default_transaction_isolation=serializable')}`;
    const other = await openDatabase(patientOptions({ url: strict }));
    await exactlyOneRedeems(together(other));
    await other.dataSource.destroy();
  });
});

describe('codes in PostgreSQL, their tokens in another store', () => {
  authorizationCodeStoreContract(apart);
});

describe('codes in memory', () => {
  authorizationCodeStoreContract(inMemory);

  it('are removed some time after they have expired, when others are inserted', async () => {
    const clock = new StoppedClock(now);
    const register = new MemoryCodeRegister(clock);
    const [over, kept] = [aCode({ expiresAt: now }), aCode({ expiresAt: now + 1 })];
    for (const code of [over, kept]) await register.insert(code);
    clock.advance(600_000);
    for (let count = 0; count < 3000; count += 1) await register.insert(aCode({ expiresAt: now + 1000 }));
    expect(await register.find(over.hash)).toBeUndefined();
    expect(await register.find(kept.hash)).toEqual(kept);
  });
});

describe('tokens in another store', () => {
  /** A store whose `begin` lets something happen before or after it. */
  function withBegin(
    stores: CodeStores,
    begin: (original: RefreshTokenStore) => RefreshTokenStore['begin'],
  ): CodeStores {
    const { refreshTokens } = stores;
    const tokens = Object.assign(Object.create(refreshTokens) as RefreshTokenStore, {
      begin: begin(refreshTokens),
    });
    return { ...stores, codes: new SeparateCodeStore(new PostgresCodeRegister(database), tokens) };
  }

  it.each(['before', 'after'] as const)(
    'are revoked by their redeemer when the replay comes %s they are written',
    async (when) => {
      const stores = apart();
      const code = aCode();
      await stores.codes.insert(code);
      const replay = () => stores.codes.endReplayed(code, { at: now + 2000, by: 'reuse' });
      const met = withBegin(stores, (original) => async (...tokens) => {
        if (when === 'before') await replay();
        await original.begin(...tokens);
        if (when === 'after') await replay();
      });
      const redemption = aRedemption(code);
      expect(await met.codes.redeem(redemption)).toBe(false);
      expect(await stores.accessTokens.find(redemption.accessToken.hash)).toBeUndefined();
      expect(await stores.refreshTokens.find(redemption.refreshToken!.hash)).toBeUndefined();
    },
  );

  it('are not written again when they were lost: the code is used up', async () => {
    const stores = apart();
    const code = aCode();
    await stores.codes.insert(code);
    const lost = withBegin(stores, () => () => Promise.reject(new Error('lost')));
    await expect(lost.codes.redeem(aRedemption(code))).rejects.toThrow('lost');
    expect(await stores.codes.redeem(aRedemption(code))).toBe(false);
    expect(await stores.codes.find(code.hash)).toEqual({ ...code, usedAt: now });
  });
});

describe('codes that are redeemed naively', () => {
  const naive = (): CodeStores => {
    const stores = apart();
    return { ...stores, codes: new NaiveCodeStore(new PostgresCodeRegister(database), stores.refreshTokens) };
  };

  it('are redeemed by several of many concurrent callers, and the contract detects it', async () => {
    await expect(exactlyOneRedeems(naive())).rejects.toThrow('toHaveLength');
  });

  it('outlive their replay, and the contract detects it', async () => {
    const stores = naive();
    const held = Object.assign(Object.create(stores.refreshTokens) as RefreshTokenStore, {
      begin: async (...tokens: Parameters<RefreshTokenStore['begin']>) => {
        // Long enough for the replay: it needs two more statements.
        for (let turns = 0; turns < 20; turns += 1) await database.read({ name: 'turn', text: 'SELECT' }, []);
        await stores.refreshTokens.begin(...tokens);
      },
    });
    const codes = new NaiveCodeStore(new PostgresCodeRegister(database), held);
    await expect(nothingOutlivesReplay({ ...stores, codes })).rejects.toThrow('toEqual');
  });
});
