/** A key that tags tokens; every node shares it. */
export interface TokenKey {
  /** 32 random bytes. */
  readonly secret: Buffer;
  /** From when on it tags new tokens, in milliseconds since 1970; every node knows it before that. */
  readonly signsFrom: number;
}

/** What a node must know to recognise a forged token without a read. */
export interface TokenKeyState {
  /** Every key under which a token may still be alive, in the order of `signsFrom`; one at least. */
  readonly keys: readonly TokenKey[];
  /** Whether tokens of another form than ours are alive: imported ones. */
  readonly foreignTokens: boolean;
}

/** How long before it signs a new key is published, in milliseconds: longer than any node's keys may be old. */
export const publishedAheadMs = 60_000;

/** Nodes may use a key for a little after its successor signs; this is far longer, in milliseconds. */
export const keyOverlapMs = 24 * 60 * 60 * 1000;

/** How many keys may be alive. Every key is tried on a forged token, so their number must have a limit. */
export const maxTokenKeys = 64;

/** A new key was refused, because `maxTokenKeys` are alive. The message is written for the operator. */
export class TooManyTokenKeys extends Error {
  /** @param freeAt when the oldest key will be forgotten, in milliseconds since 1970 */
  constructor(freeAt: number) {
    super(
      `no new key: ${maxTokenKeys} keys are alive, and tokens of the oldest one may be until ${new Date(freeAt).toISOString()}`,
    );
    this.name = 'TooManyTokenKeys';
  }
}

/**
 * Keeps the keys that tag tokens. A key is forgotten when its successor has signed for the longest lifetime that any
 * client has ever been registered with, and for `keyOverlapMs` more: no token that it has tagged, and no family with
 * such a token, can be alive then, wherever the tokens are stored. Every method throws StoreUnavailable when it cannot
 * keep its promise.
 */
export abstract class TokenKeyStore {
  /** @param now milliseconds since 1970 */
  abstract read(now: number): Promise<TokenKeyState>;

  /**
   * Publishes a new key, which signs `publishedAheadMs` from now, and forgets old ones.
   * @param now milliseconds since 1970
   * @returns when the new key will sign, in milliseconds since 1970
   * @throws TooManyTokenKeys with nothing changed
   */
  abstract rotate(now: number): Promise<number>;

  /**
   * Lets every node look tokens of another form up until the last of them has expired. An import calls it before it
   * adds its tokens.
   * @param until when the last imported token will have expired, in milliseconds since 1970; an earlier time than the
   *   stored one changes nothing
   */
  abstract expectForeignTokens(until: number): Promise<void>;
}
