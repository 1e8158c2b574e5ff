import type { Clock } from '../domain/clock.js';
import type { TrafficRow, TrafficStore } from '../domain/traffic.js';
import type { ServerCounters } from '../observability/counters.js';
import { TrafficTable } from './traffic-table.js';

/** How long counts that cannot be stored are kept, in milliseconds. */
const keptMs = 600_000;

/** No bucket is finer, so the counts of a minute can be merged, in milliseconds. */
const minuteMs = 60_000;

/** The counts of one minute that are not stored yet. */
interface Pending {
  /** A moment of the minute, in milliseconds since 1970. */
  readonly at: number;
  /** When the first of them were counted, in milliseconds of the clock's `elapsed`. */
  readonly since: number;
  readonly table: TrafficTable;
}

/** Stores what was counted. While the store is unavailable, it keeps the counts for 10 minutes, and then drops them. */
export class TrafficRecorder {
  /** By minute. */
  private readonly pending = new Map<number, Pending>();

  /** @param maxRows the most rows of a minute that is kept, and of a bucket that is stored */
  constructor(
    private readonly counter: { take(): TrafficRow[] },
    private readonly store: TrafficStore,
    private readonly clock: Clock,
    private readonly maxRows: number,
    private readonly counters: ServerCounters,
  ) {}

  /**
   * Stores the counts since the last call, and those that could not be stored before. It must not be called again
   * before it is done.
   * @throws StoreUnavailable when they could not be stored; they are kept for the next call
   */
  async flush(): Promise<void> {
    this.collect(this.counter.take());
    if (this.pending.size === 0) return;
    const batches = [...this.pending.values()].map(({ at, table }) => ({ at, rows: table.rows() }));
    try {
      await this.store.add(batches, this.maxRows);
    } catch (error) {
      this.dropOld();
      throw error;
    }
    this.pending.clear();
  }

  /** The counts belong to the time before the flush: at a full minute, to the minute that is over. */
  private collect(rows: readonly TrafficRow[]): void {
    if (rows.length === 0) return;
    const at = this.clock.now() - 1;
    const minute = Math.floor(at / minuteMs);
    let pending = this.pending.get(minute);
    if (!pending) {
      pending = { at, since: this.clock.elapsed(), table: new TrafficTable(this.maxRows) };
      this.pending.set(minute, pending);
    }
    pending.table.addAll(rows);
  }

  private dropOld(): void {
    for (const [minute, { since, table }] of this.pending) {
      if (this.clock.elapsed() - since < keptMs) continue;
      for (const { messages } of table.rows()) this.counters.monitoringDropped += messages;
      this.pending.delete(minute);
    }
  }
}
