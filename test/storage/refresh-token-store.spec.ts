import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { onServer } from '../support/database.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { NaiveRefreshTokenStore } from './naive-refresh-token-store.js';
import {
  exactlyOneRotates,
  nothingOutlivesRevocation,
  refreshTokenStoreContract,
  type TokenStores,
} from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { uniqueHashesContract } from './unique-hashes.contract.js';
import { RecordedEvents } from '../support/audit.js';

describe('refresh tokens in memory', () => {
  const open = () => {
    const store = new MemoryTokenStore(new StoppedClock(), new RecordedEvents());
    return { accessTokens: store, refreshTokens: store.refreshTokens };
  };
  refreshTokenStoreContract(open);
  uniqueHashesContract(open);
});

describe('refresh tokens in PostgreSQL', () => {
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

  const open = () => ({
    accessTokens: new PostgresAccessTokenStore(database, new RecordedChanges()),
    refreshTokens: new PostgresRefreshTokenStore(database, new RecordedChanges()),
  });
  refreshTokenStoreContract(open);
  uniqueHashesContract(open);

  (onServer ? it : it.skip)(
    'are rotated correctly where transactions are serializable by default',
    async () => {
      const { url } = running.connection as { url: string };
      const strict = `${url}?options=${encodeURIComponent('-c default_transaction_isolation=serializable')}`;
      const other = await openDatabase(patientOptions({ url: strict }));
      const stores = {
        accessTokens: new PostgresAccessTokenStore(other, new RecordedChanges()),
        refreshTokens: new PostgresRefreshTokenStore(other, new RecordedChanges()),
      };
      await exactlyOneRotates(stores);
      await nothingOutlivesRevocation(stores);
      await other.dataSource.destroy();
    },
  );

  describe('rotated naively', () => {
    const naive = (): TokenStores => ({
      accessTokens: new PostgresAccessTokenStore(database, new RecordedChanges()),
      refreshTokens: new NaiveRefreshTokenStore(database),
    });

    it('are rotated by several of many concurrent callers, and the contract detects it', async () => {
      await expect(exactlyOneRotates(naive())).rejects.toThrow('toHaveLength');
    });

    it('outlive their revocation, and the contract detects it', async () => {
      await expect(nothingOutlivesRevocation(naive())).rejects.toThrow('toBeUndefined');
    });
  });
});
