import type { Clock } from '../clock.js';
import type { TokenStatisticsSource } from '../token-statistics.js';
import { type Check, lengthOf, ok, warn } from './check.js';

/** How long an expired row may wait for the purge, in milliseconds. */
const lateMs = 15 * 60_000;

/**
 * Whether expired tokens are removed in time.
 * @param purges whether this process's settings have it purge at all
 */
export function purgeCheck(statistics: TokenStatisticsSource, clock: Clock, purges: boolean): Check {
  return {
    name: 'purge',
    readsTables: true,
    async run() {
      const { overdueMs } = await statistics.statistics(clock.now());
      if (overdueMs === 0) return ok('no expired token waits for the purge');
      const found = `the oldest expired token has waited for the purge for ${lengthOf(overdueMs)}`;
      if (overdueMs <= lateMs) return ok(found);
      return warn(
        found,
        purges
          ? 'raise PURGE_BATCH, or lower PURGE_INTERVAL; look in the log for rounds that fail'
          : 'PURGE_INTERVAL=0 purges nothing: set it where at least one server runs',
      );
    },
  };
}
