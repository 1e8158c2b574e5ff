/**
 * Removes old records of what happened: traffic, refusals, audit events, and nodes that have gone; also expired
 * sessions, codes that expired `codeKeptMs` ago, and previous client secrets that ended `endedSecretKeptMs` ago.
 */
export abstract class RecordPurger {
  /**
   * Removes one batch. Rows that another transaction has locked are left for a later batch, so any number of nodes may
   * purge at once.
   * @param now milliseconds since 1970
   * @param atMost how many rows to remove at most
   * @returns how many rows were removed; as many as `atMost` when there may be more
   * @throws StoreUnavailable when the store cannot be reached; rows that were removed before stay removed
   */
  abstract purge(now: number, atMost: number): Promise<number>;
}
