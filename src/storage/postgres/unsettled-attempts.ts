import { StoreUnavailable } from '../../domain/oauth-error.js';
import type { Settlement } from './login-counts.js';

/** Most settlements that are kept; what comes when there are so many is left to count as wrong. */
const maxKept = 1000;

/**
 * Keeps the ends of attempts that could not be stored, until the database can be reached again: until a minute is over,
 * their subjects would have no room for others, and then right attempts would count as wrong. An end that was stored though
 * its answer was lost counts twice.
 */
export class UnsettledAttempts {
  private kept: { readonly settlement: Settlement; readonly until: number }[] = [];

  /** @param until when the attempts count as wrong anyway, in milliseconds since 1970 */
  add(settlements: readonly Settlement[], until: number): void {
    const room = maxKept - this.kept.length;
    this.kept.push(...settlements.slice(0, room).map((settlement) => ({ settlement, until })));
  }

  /**
   * Stores what is kept, and keeps it where the store is unavailable.
   * @param now in milliseconds since 1970
   */
  async store(now: number, store: (settlements: readonly Settlement[]) => Promise<void>): Promise<void> {
    const kept = this.kept.filter(({ until }) => until > now);
    this.kept = [];
    if (kept.length === 0) return;
    try {
      await store(kept.map(({ settlement }) => settlement));
    } catch (error) {
      if (error instanceof StoreUnavailable) this.kept = [...kept, ...this.kept].slice(0, maxKept);
      throw error;
    }
  }
}
