import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { receivesChanges } from '../config/database-config.js';
import { AccessTokenStore } from '../domain/access-token.js';
import { AuditLog } from '../domain/audit.js';
import { AuthorizationCodeStore } from '../domain/authorization-code.js';
import { ChangeFeed } from '../domain/change-feed.js';
import { ClientSecretRecords } from '../domain/client-secrets.js';
import { Clock, SystemClock } from '../domain/clock.js';
import { SeparateCodeStore } from '../domain/code-register.js';
import { ConsentStore } from '../domain/consent.js';
import { Directory } from '../domain/directory.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { RecordPurger } from '../domain/record-purge.js';
import { RefreshTokenStore } from '../domain/refresh-token.js';
import { NodeRoster } from '../domain/roster.js';
import { RefusalLog } from '../domain/refusal.js';
import { PasswordUpgrades } from '../domain/password-upgrade.js';
import { SecretUseStore } from '../domain/secret-uses.js';
import { SessionStore } from '../domain/session.js';
import { SelfReclaiming, SpaceReclaimer } from '../domain/space-reclaimer.js';
import { SubjectRecords } from '../domain/subject-records.js';
import { TokenImporter } from '../domain/token-import.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenRecords } from '../domain/token-record.js';
import { TokenPurger } from '../domain/token-purge.js';
import { TokenStatisticsSource } from '../domain/token-statistics.js';
import { TokenStorage } from '../domain/token-storage.js';
import { TrafficStore } from '../domain/traffic.js';
import { CacheStatisticsSource } from '../observability/cache-statistics.js';
import { ServerCounters } from '../observability/counters.js';
import { HeartbeatDelays } from '../observability/heartbeat-delays.js';
import { CachedAccessTokenStore, cachedTokenStorage } from '../storage/cached/access-token-store.js';
import { CachedDirectory } from '../storage/cached/directory.js';
import { EmbeddedChangeFeed } from '../storage/embedded/change-feed.js';
import type { EmbeddedDatabase } from '../storage/embedded/embedded-database.js';
import { MemoryCodeRegister } from '../storage/memory/code-register.js';
import { memoryTokenStorage } from '../storage/memory/token-storage.js';
import { PostgresAuditLog } from '../storage/postgres/audit-log.js';
import { PostgresAuthorizationCodeStore } from '../storage/postgres/authorization-code-store.js';
import { type FeedObserver, PostgresChangeFeed } from '../storage/postgres/change-feed.js';
import { PostgresClientSecretRecords } from '../storage/postgres/client-secret-records.js';
import { PostgresCodeRegister } from '../storage/postgres/code-register.js';
import { PostgresConsentStore } from '../storage/postgres/consent-store.js';
import { PooledDataSource } from '../storage/postgres/data-source.js';
import { Database } from '../storage/postgres/database.js';
import { PostgresDirectory } from '../storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../storage/postgres/directory-writer.js';
import { SendOnlyChangeFeed } from '../storage/postgres/notifying-change-feed.js';
import { PostgresNodeRoster } from '../storage/postgres/node-roster.js';
import { PostgresPasswordUpgrades } from '../storage/postgres/password-upgrades.js';
import { PostgresRecordPurger } from '../storage/postgres/record-purger.js';
import { PostgresRefusalLog } from '../storage/postgres/refusal-log.js';
import { PostgresSecretUseStore } from '../storage/postgres/secret-use-store.js';
import { PostgresSessionStore } from '../storage/postgres/session-store.js';
import { PostgresSubjectRecords } from '../storage/postgres/subject-records.js';
import { PostgresTokenKeyStore } from '../storage/postgres/token-key-store.js';
import { postgresTokenStorage } from '../storage/postgres/token-storage.js';
import { PostgresTrafficStore } from '../storage/postgres/traffic-store.js';
import { Vacuum } from '../storage/postgres/vacuum.js';
import { construct, provide } from './providers.js';
import { TokenCluster } from './token-cluster.js';

/** The adapter for each of the domain's ports. */
export function storageProviders(config: Config, log: Logger, embedded?: EmbeddedDatabase): Provider[] {
  const { cache, database, tokenStore, operations } = config;
  const maxAgeMs = cache.maxAge * 1000;
  const limits = { entries: cache.entries, maxAgeMs };
  const subjectLimits = { entries: cache.subjects, maxAgeMs };
  const hears = receivesChanges(database);
  const cached = cache.entries > 0 && hears;
  return [
    provide(Clock, [], () => new SystemClock()),
    provide(HeartbeatDelays, [], () => new HeartbeatDelays()),
    provide(Database, [DataSource], (dataSource) => {
      if (!(dataSource instanceof PooledDataSource)) throw new Error('The data source has no pool of ours.');
      // All connections to the embedded database are one session, in which named statements would collide.
      return new Database(dataSource, {
        namedStatements: database.kind === 'server' && database.pooler === 'none',
        directUrl: database.kind === 'server' ? database.changeFeedUrl : undefined,
      });
    }),
    provide(
      ChangeFeed,
      [Database, Clock, ServerCounters, HeartbeatDelays],
      (database, clock, counters, delays) => {
        if (embedded) return new EmbeddedChangeFeed(embedded, database);
        if (!hears) return new SendOnlyChangeFeed(database);
        return new PostgresChangeFeed(database, clock, feedObserver(log, counters, delays));
      },
    ),
    provide(TokenKeyStore, [Database], (database) => new PostgresTokenKeyStore(database)),
    provide(
      TokenStorage,
      [Database, TokenKeyStore, ChangeFeed, Clock, AuditLog, TokenCluster],
      (database, keys, feed, clock, audit, cluster): TokenStorage => {
        if (tokenStore === 'memory') return memoryTokenStorage(clock, keys, feed, audit);
        const surroundings = { keys, feed, audit, clock };
        const storage = cluster.storage(surroundings) ?? postgresTokenStorage(database, feed);
        return cached ? cachedTokenStorage(storage, feed, clock, limits) : storage;
      },
    ),
    provide(AccessTokenStore, [TokenStorage], ({ accessTokens }) => accessTokens),
    provide(RefreshTokenStore, [TokenStorage], ({ refreshTokens }) => refreshTokens),
    provide(TokenImporter, [TokenStorage], ({ importer }) => importer),
    provide(TokenRecords, [TokenStorage], ({ records }) => records),
    provide(TokenPurger, [TokenStorage], ({ purger }) => purger),
    provide(TokenStatisticsSource, [TokenStorage], ({ statistics }) => statistics),
    provide(AuthorizationCodeStore, [Database, RefreshTokenStore, Clock], (database, tokens, clock) => {
      if (tokenStore === 'memory') return new SeparateCodeStore(new MemoryCodeRegister(clock), tokens);
      const codes = new PostgresCodeRegister(database);
      return tokenStore === 'database'
        ? new PostgresAuthorizationCodeStore(database, codes, tokens)
        : new SeparateCodeStore(codes, tokens);
    }),
    provide(SessionStore, [Database], (database) => new PostgresSessionStore(database)),
    provide(ConsentStore, [Database], (database) => new PostgresConsentStore(database)),
    construct(PostgresDirectory, Database),
    provide(Directory, [PostgresDirectory, ChangeFeed, Clock], (directory, feed, clock) =>
      cached ? new CachedDirectory(directory, feed, clock, subjectLimits) : directory,
    ),
    provide(CacheStatisticsSource, [AccessTokenStore, Directory], (...stores) => ({
      read: () => stores.flatMap((store) => (isCached(store) ? store.statistics : [])),
    })),
    provide(
      DirectoryWriter,
      [Database, ChangeFeed],
      (database, feed) => new PostgresDirectoryWriter(database, feed),
    ),
    provide(
      PasswordUpgrades,
      [Database, ChangeFeed],
      (database, feed) => new PostgresPasswordUpgrades(database, feed),
    ),
    provide(SubjectRecords, [Database], (database) => new PostgresSubjectRecords(database)),
    provide(ClientSecretRecords, [Database], (database) => new PostgresClientSecretRecords(database)),
    provide(SecretUseStore, [Database], (database) => new PostgresSecretUseStore(database)),
    // Wherever tokens are kept, these are in PostgreSQL.
    provide(TrafficStore, [Database], (database) => new PostgresTrafficStore(database)),
    provide(NodeRoster, [Database], (database) => new PostgresNodeRoster(database)),
    provide(RecordPurger, [Database], (database) => {
      const retention = { traffic: operations.monitoring.days, auditEvents: operations.auditDays };
      return new PostgresRecordPurger(database, retention);
    }),
    provide(SpaceReclaimer, [Database], (database) =>
      embedded ? new Vacuum(database) : new SelfReclaiming(),
    ),
    provide(AuditLog, [Database], (database) => new PostgresAuditLog(database)),
    provide(RefusalLog, [Database], (database) => new PostgresRefusalLog(database)),
  ];
}

function isCached(store: AccessTokenStore | Directory): store is CachedAccessTokenStore | CachedDirectory {
  return store instanceof CachedAccessTokenStore || store instanceof CachedDirectory;
}

/** Logs, counts and measures what becomes of a feed. */
function feedObserver(log: Logger, counters: ServerCounters, delays: HeartbeatDelays): FeedObserver {
  return {
    connection(connected, reason) {
      logFeed(log, connected, reason);
      if (!connected) counters.changeFeedLosses += 1;
    },
    heartbeat: (tookMs) => delays.observe(tookMs / 1000),
  };
}

function logFeed(log: Logger, connected: boolean, error: unknown): void {
  if (connected) {
    log.info('change feed connected: cache in use');
    return;
  }
  const { name, code } = (error ?? {}) as NodeJS.ErrnoException;
  log.warn({ reason: code ?? name ?? 'heartbeats do not come back' }, 'change feed down: cache bypassed');
}
