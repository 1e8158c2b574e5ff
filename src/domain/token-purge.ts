/** Removes expired tokens and families, so that a store does not grow for ever. */
export abstract class TokenPurger {
  /**
   * Removes one batch: expired access tokens, revoked ones included; then the refresh tokens of expired
   * families, and these families. A family, revoked or not, is kept as long as any of its tokens may be
   * unexpired: until then the reuse of a used refresh token must still revoke it (RFC 9700 §4.14.2). Rows
   * that another transaction has locked are left for a later batch, so any number of nodes may purge at once.
   * @param now milliseconds since 1970
   * @param atMost how many rows to remove at most
   * @returns how many rows were removed; as many as `atMost` when there may be more
   * @throws StoreUnavailable when the store cannot be reached; rows that were removed before stay removed
   */
  abstract purge(now: number, atMost: number): Promise<number>;
}
