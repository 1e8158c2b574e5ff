import type { Clock } from '../domain/clock.js';
import type { TokenStatistics, TokenStatisticsSource } from '../domain/token-statistics.js';
import type { Faults } from '../observability/faults.js';
import { within } from '../observability/within.js';

/** How often the store is asked at most, in milliseconds: its answer costs more than all other figures. */
export const askedEveryMs = 60_000;

/** How long a scrape waits for the store's answer at most, in milliseconds. */
const waitMs = 250;

/** What the token store says of itself, for scrapes that come as often as they like. */
export class StoreFigures {
  private last?: TokenStatistics;
  private askedAt = -Infinity;
  private asking?: Promise<void>;

  constructor(
    private readonly source: TokenStatisticsSource,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  /** The last answer. Undefined where there is none, or the store was away when it was last asked; never rejects. */
  async read(): Promise<TokenStatistics | undefined> {
    if (!this.asking && this.clock.elapsed() - this.askedAt >= askedEveryMs) this.asking = this.ask();
    // The answer that comes too late is there for the next scrape.
    if (this.asking) await within(waitMs, this.asking);
    return this.last;
  }

  private async ask(): Promise<void> {
    this.askedAt = this.clock.elapsed();
    try {
      this.last = await this.source.statistics(this.clock.now());
    } catch (error) {
      this.last = undefined;
      this.faults.note(error);
    } finally {
      this.asking = undefined;
    }
  }
}
