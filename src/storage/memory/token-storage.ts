import type { AuditLog } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import { lastEnd, longestFamily, type TokenImporter } from '../../domain/token-import.js';
import type { TokenKeyStore } from '../../domain/token-key.js';
import type { TokenPurger } from '../../domain/token-purge.js';
import type { TokenStatisticsSource } from '../../domain/token-statistics.js';
import type { TokenStorage } from '../../domain/token-storage.js';
import { MemoryTokenStore } from './token-store.js';

/** Tokens in this process's memory; they are lost when it ends. */
export function memoryTokenStorage(
  clock: Clock,
  keys: TokenKeyStore,
  feed: ChangeFeed,
  audit: AuditLog,
): TokenStorage {
  const store = new MemoryTokenStore(clock, audit);
  const importer: TokenImporter = {
    add: async (batch, run) => {
      const end = lastEnd(batch);
      if (end === undefined) return 0;
      await keys.expectForeignTokens(end, longestFamily(batch));
      const added = store.import(batch);
      await feed.publish('addedTokens');
      if (run && added > 0) await audit.appendImport(run, added);
      return added;
    },
  };
  const purger: TokenPurger = { purge: async (now, atMost) => store.purge(now, atMost) };
  const statistics: TokenStatisticsSource = { statistics: async (now) => store.statistics(now) };
  const { refreshTokens, records } = store;
  return { accessTokens: store, refreshTokens, importer, purger, records, statistics };
}
