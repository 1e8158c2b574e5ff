import type { Actor } from './audit.js';

/** A key that tags tokens; every node shares it. */
export interface TokenKey {
  /** 32 random bytes. */
  readonly secret: Buffer;
  /** When it begins to tag new tokens, in milliseconds since 1970; it is published before that. */
  readonly signsFrom: number;
}

/** What a node must know to recognise a forged token without a read. */
export interface TokenKeyState {
  /** Every key that may have tagged an unexpired token or will tag new ones, by `signsFrom`; at least one. */
  readonly keys: readonly TokenKey[];
  /** Whether there may be unexpired tokens of another form than ours: imported ones. */
  readonly foreignTokens: boolean;
  /** How long a key is kept after its successor has begun to sign, in milliseconds. */
  readonly keptMs: number;
  /** When the last of them expires or has expired, in milliseconds since 1970; undefined where there never was one. */
  readonly foreignTokensUntil?: number;
}

/**
 * How long before its first use a new key is published, in milliseconds: longer than a node relies on the
 * keys that it has read.
 */
export const publishedAheadMs = 60_000;

/**
 * Nodes may sign with a key for a short time after its successor does; this is far longer, in milliseconds.
 */
export const keyOverlapMs = 24 * 60 * 60 * 1000;

/** How many keys are kept at most. Every key is tried on a forged token, so there must be a limit. */
export const maxTokenKeys = 64;

/** A new key was refused: there are `maxTokenKeys` already. The message is written for the operator. */
export class TooManyTokenKeys extends Error {
  /** @param freeAt when the oldest key can be deleted, in milliseconds since 1970 */
  constructor(freeAt: number) {
    super(
      `no new key: ${maxTokenKeys} keys are alive, and tokens of the oldest one may be until ${new Date(freeAt).toISOString()}`,
    );
    this.name = 'TooManyTokenKeys';
  }
}

/**
 * Stores the keys that tag tokens. A key may be deleted when its successor has signed for the longest
 * lifetime that any client has ever been registered with, and for `keyOverlapMs` more: then every token that
 * it has tagged, and every family with such a token, has expired, wherever the tokens are stored. Every
 * method throws StoreUnavailable when it cannot do its work.
 */
export abstract class TokenKeyStore {
  /** @param now milliseconds since 1970 */
  abstract read(now: number): Promise<TokenKeyState>;

  /**
   * Publishes a new key, which signs `publishedAheadMs` from now, and deletes old ones.
   * @param now milliseconds since 1970
   * @param actor who rotates them, for the audit event
   * @returns when the new key will sign, in milliseconds since 1970
   * @throws TooManyTokenKeys with nothing changed
   */
  abstract rotate(now: number, actor: Actor): Promise<number>;

  /**
   * Prepares for imported tokens: every node reads the store for tokens of another form until the last of them has
   * expired, and keys are kept long enough for their families. An import calls it before it adds the tokens.
   * @param until when the last imported token will have expired, in milliseconds since 1970; a time before the stored
   *   one changes nothing
   * @param longestFamily the longest time that an imported family can live, in seconds; it counts like a registered
   *   lifetime
   */
  abstract expectForeignTokens(until: number, longestFamily: number): Promise<void>;
}
