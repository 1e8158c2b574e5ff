/** Removes what is kept of tokens that are long over, so that a store does not grow for ever. */
export abstract class TokenPurger {
  /**
   * Removes one batch: access tokens that have expired, revoked ones too; then the refresh tokens of families that
   * have ended, and these families. A family, revoked or not, is kept as long as any of its tokens might be alive:
   * until then a used refresh token that comes again must still end it (RFC 9700 §4.14.2). What somebody else has
   * locked is left for another time, so any number of nodes may purge at once.
   * @param now milliseconds since 1970
   * @param atMost rows to remove at most
   * @returns how many rows were removed; as many as `atMost` when there may be more
   * @throws StoreUnavailable when the store is away; what was removed before stays so
   */
  abstract purge(now: number, atMost: number): Promise<number>;
}
