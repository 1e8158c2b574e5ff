/** A key that tags tokens; every node shares it. */
export interface TokenKey {
  /** 32 random bytes. */
  readonly secret: Buffer;
  /** From when on it tags new tokens, in milliseconds since 1970; it is known to every node before. */
  readonly signsFrom: number;
}

/** What a node must know to tell a forged token without asking for it. */
export interface TokenKeyState {
  /** Every key under which a token may still be alive, in the order of `signsFrom`; one at least. */
  readonly keys: readonly TokenKey[];
  /** Whether tokens of another form than ours are alive: imported ones. */
  readonly foreignTokens: boolean;
}

/** How long before it signs a new key is published, in milliseconds: longer than any node's keys may be old. */
export const publishedAheadMs = 60_000;

/** Keeps the keys. Methods throw StoreUnavailable when they cannot keep their promise; to rotate once more does no harm. */
export abstract class TokenKeyStore {
  /** @param now milliseconds since 1970 */
  abstract read(now: number): Promise<TokenKeyState>;

  /**
   * Publishes a new key, which signs `publishedAheadMs` from now, and forgets those whose tokens are all gone.
   * @returns when the new key will sign, in milliseconds since 1970
   */
  abstract rotate(now: number): Promise<number>;
}
