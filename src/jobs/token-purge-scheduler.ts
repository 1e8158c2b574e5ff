import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { Clock } from '../domain/clock.js';
import { TokenPurger } from '../domain/token-purge.js';
import { LOGGER } from '../http/response/access-log.js';
import { logFault } from '../http/response/oauth-error.filter.js';
import { type AppOptions, CONFIG, ROLE } from '../app/process.module.js';

/** How long a round leaves the database to others between two batches, in milliseconds. */
export const pauseMs = 100;

/** Purges the database for as long as this node serves, in rounds: batch after batch until one is not full. */
@Injectable()
export class TokenPurgeScheduler implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  /** The batch that is under way, or was last. It never rejects. */
  private batch?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly purger: TokenPurger,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'purgeInterval' | 'purgeBatch'>,
    @Inject(ROLE) private readonly role: AppOptions['role'],
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The first round comes after one interval and a random part of another: nodes that start together take turns. */
  onModuleInit(): void {
    if (this.role !== 'server' || this.config.purgeInterval === 0) return;
    this.purgeIn(this.intervalMs * (1 + Math.random()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.batch;
  }

  private get intervalMs(): number {
    return this.config.purgeInterval * 1000;
  }

  /** What comes next is planned when a batch is over, so there are never two. */
  private purgeIn(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.batch = this.purge().then((full) => this.purgeIn(full ? pauseMs : this.intervalMs));
    }, delayMs).unref();
  }

  /** One batch: whether there may be more. After a fault there is time until the next round. */
  private async purge(): Promise<boolean> {
    const { purgeBatch } = this.config;
    try {
      return (await this.purger.purge(this.clock.now(), purgeBatch)) === purgeBatch;
    } catch (error) {
      logFault(this.log, error);
      return false;
    }
  }
}
