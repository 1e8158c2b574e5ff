import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeFeed } from '../domain/change-feed.js';
import { HashWrapping } from '../domain/hash-wrapping.js';
import { RefusalTimes } from '../domain/refusal-time.js';
import { Faults } from '../observability/faults.js';
import { LOGGER } from '../observability/log.js';
import { Rounds } from './rounds.js';

/** How many wrapped hashes get a line of the log. */
const loggedEvery = 1000;

/**
 * Looks after the hashes that this server would not make itself, at the start and after each change of clients and users:
 * measures how long refusals must take, and wraps the fast ones.
 */
@Injectable()
export class ForeignHashes implements OnModuleInit, OnApplicationShutdown {
  private readonly measuring: Rounds;
  private readonly wrapping: Rounds;

  constructor(
    private readonly refusals: RefusalTimes,
    private readonly hashes: HashWrapping,
    private readonly feed: ChangeFeed,
    @Inject(LOGGER) private readonly log: Logger,
    faults: Faults,
  ) {
    const report = (error: unknown) => faults.note(error);
    this.measuring = new Rounds(() => refusals.refresh().then(() => true), report);
    this.wrapping = new Rounds(() => this.wrap(), report);
  }

  /** No request is answered before refusals are known to take the same time. Wrapping goes on beside the requests. */
  async onModuleInit(): Promise<void> {
    await this.refusals.refresh();
    this.feed.subscribe((change) => {
      if (change === 'addedTokens' || (typeof change === 'object' && 'accessTokens' in change)) return;
      this.measuring.ask();
      this.wrapping.ask();
    });
    this.wrapping.ask(0);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.measuring.stop(), this.wrapping.stop()]);
  }

  private async wrap(): Promise<boolean> {
    let logged = 0;
    const { wrapped, finished } = await this.hashes.wrapAll((soFar) => {
      if (soFar - logged >= loggedEvery) {
        logged = soFar;
        this.log.info({ wrapped: soFar }, 'wrapping imported hashes');
      }
      return !this.wrapping.stopped;
    });
    if (wrapped > 0) this.log.info({ wrapped, finished }, 'imported hashes wrapped');
    return finished;
  }
}
