import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { readVersion } from '../config/version.js';
import type { ChangeFeed } from '../domain/change-feed.js';
import type { Clock } from '../domain/clock.js';
import type { NodeRoster } from '../domain/roster.js';
import type { CacheStatisticsSource } from '../observability/cache-statistics.js';

/** Reports this process to the other nodes. */
export class NodeReporter {
  private readonly identity;

  constructor(
    private readonly roster: NodeRoster,
    private readonly feed: ChangeFeed,
    private readonly caches: CacheStatisticsSource,
    private readonly clock: Clock,
  ) {
    this.identity = {
      id: randomUUID(),
      host: hostname(),
      pid: process.pid,
      version: readVersion(),
      started: clock.now(),
    };
  }

  /** @throws StoreUnavailable */
  async report(): Promise<void> {
    const caches = this.caches.read();
    const { user, system } = process.cpuUsage();
    await this.roster.report({
      ...this.identity,
      seen: this.clock.now(),
      hears: this.feed.isCurrent(this.clock.elapsed()),
      cacheHits: caches.reduce((sum, { hits }) => sum + hits, 0),
      cacheMisses: caches.reduce((sum, { misses }) => sum + misses, 0),
      rss: process.memoryUsage.rss(),
      cpu: (user + system) / 1e6,
    });
  }
}
