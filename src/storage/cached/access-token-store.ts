import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import { type CacheLimits, ReadThrough } from './read-through.js';

/**
 * Keeps copies of another store's access tokens in memory. That store announces what it revokes, here as on every
 * other node.
 */
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
      else if ('accessTokens' in change) change.accessTokens.forEach((hash) => this.tokens.drop(key(hash)));
    });
  }

  insert(token: AccessToken): Promise<void> {
    return this.store.insert(token);
  }

  find(hash: Buffer, mayExist?: () => boolean): MaybePromise<AccessToken | undefined> {
    const copy = this.tokens.copyOf(key(hash));
    if (copy) return copy.value;
    if (mayExist?.() === false) return undefined;
    return this.tokens.read(key(hash), () => this.store.find(hash));
  }

  revoke(hash: Buffer): Promise<void> {
    return this.store.revoke(hash);
  }
}

function key(hash: Buffer): string {
  return hash.toString('latin1');
}
