/** Counts of this process that no request shows. Each grows only. */
export class ServerCounters {
  /** Messages whose counts could not be stored, and were dropped. */
  monitoringDropped = 0;
  /** Rows that the purge has removed. */
  purgedRows = 0;
  /** How often the change feed was lost. */
  changeFeedLosses = 0;
}
