import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config.js';
import { Clock } from '../domain/clock.js';
import { RecordPurger } from '../domain/record-purge.js';
import { SpaceReclaimer } from '../domain/space-reclaimer.js';
import { TokenPurger } from '../domain/token-purge.js';
import { ServerCounters } from '../observability/counters.js';
import { Faults } from '../observability/faults.js';

/** How long a round pauses between two batches, so that others can use the database, in milliseconds. */
export const pauseMs = 100;

/**
 * Purges tokens and old records for as long as this node serves, in rounds: batch after batch until none is full.
 */
@Injectable()
export class PurgeScheduler implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  /** The batch that is under way, or was last. It never rejects. */
  private batch?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly tokens: TokenPurger,
    private readonly records: RecordPurger,
    private readonly space: SpaceReclaimer,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'purgeInterval' | 'purgeBatch'>,
    private readonly counters: ServerCounters,
    private readonly faults: Faults,
  ) {}

  /** The first round begins after one to two intervals, at random: nodes started together take turns. */
  onModuleInit(): void {
    if (this.config.purgeInterval === 0) return;
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

  /** A batch plans the next one when it is over, so there are never two at once. */
  private purgeIn(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.batch = this.purgeAll().then((full) => this.purgeIn(full ? pauseMs : this.intervalMs));
    }, delayMs).unref();
  }

  /** Purges one batch of tokens and one of records, gives their space back at the end of a round, and returns whether there may be more of either. */
  private async purgeAll(): Promise<boolean> {
    const tokens = await this.purge(this.tokens);
    const records = await this.purge(this.records);
    const full = tokens || records;
    if (!full) await this.space.reclaim().catch((error: unknown) => this.faults.note(error));
    return full;
  }

  /** Purges one batch, and returns whether there may be more. After a fault the next round tries again. */
  private async purge(purger: TokenPurger | RecordPurger): Promise<boolean> {
    const { purgeBatch } = this.config;
    try {
      const removed = await purger.purge(this.clock.now(), purgeBatch);
      this.counters.purgedRows += removed;
      return removed === purgeBatch;
    } catch (error) {
      this.faults.note(error);
      return false;
    }
  }
}
