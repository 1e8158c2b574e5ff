import {
  type AccessToken,
  type AccessTokenCopy,
  AccessTokenStore,
  hashKey,
  type StoredAccessToken,
} from '../../domain/access-token.js';
import type { NewAuditEvent } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { Revocation } from '../../domain/token-record.js';
import type { TokenStorage } from '../../domain/token-storage.js';
import type { CacheStatistics } from '../../observability/cache-statistics.js';
import { type CacheLimits, ReadThrough } from './read-through.js';

/** Caches another store's access tokens in memory. That store reports its revocations to the change feed. */
export class CachedAccessTokenStore extends AccessTokenStore {
  private readonly tokens: ReadThrough<AccessToken>;

  constructor(
    private readonly store: AccessTokenStore,
    feed: ChangeFeed,
    clock: Clock,
    limits: CacheLimits,
  ) {
    super();
    this.tokens = new ReadThrough(feed, clock, limits);
    feed.subscribe((change) => {
      if (change === 'everything') this.tokens.clear();
      else if (change === 'addedTokens') this.tokens.dropMissing();
      else if ('accessTokens' in change)
        change.accessTokens.forEach((hash) => this.tokens.drop(hashKey(hash)));
    });
  }

  get statistics(): readonly CacheStatistics[] {
    return [this.tokens.statistics('access_token')];
  }

  insert(token: StoredAccessToken, event?: NewAuditEvent): Promise<void> {
    return this.store.insert(token, event);
  }

  override copyOf(key: string): AccessTokenCopy | undefined {
    return this.tokens.copyOf(key);
  }

  find(hash: Buffer): MaybePromise<AccessToken | undefined> {
    return this.tokens.find(hashKey(hash), () => this.store.find(hash));
  }

  revoke(hash: Buffer, revocation: Revocation): Promise<void> {
    return this.store.revoke(hash, revocation);
  }
}

/** Caches the access tokens of a storage. Refresh tokens are used once, so caching them would be useless. */
export function cachedTokenStorage(
  storage: TokenStorage,
  feed: ChangeFeed,
  clock: Clock,
  limits: CacheLimits,
): TokenStorage {
  return { ...storage, accessTokens: new CachedAccessTokenStore(storage.accessTokens, feed, clock, limits) };
}
