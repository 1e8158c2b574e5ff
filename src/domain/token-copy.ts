import type { StoredAccessToken } from './access-token.js';
import type { Actor, NewAuditEvent } from './audit.js';
import type { ChangeFeed } from './change-feed.js';
import type { Clock } from './clock.js';
import type { RefreshToken } from './refresh-token.js';
import type { RecordedRevocation } from './token-record.js';

/** An access token to be copied. */
export interface AccessTokenCopy {
  readonly token: StoredAccessToken;
  /** Undefined for a token that was not revoked. */
  readonly revocation?: RecordedRevocation;
}

/** A refresh token to be copied. */
export interface RefreshTokenCopy {
  readonly token: RefreshToken;
  /** How often it was used, retries included; 0 for a token without `usedAt`. */
  readonly uses: number;
}

/** A family to be copied, with some of its refresh tokens: the others are in other batches. It may have none at all. */
export interface FamilyCopy {
  /** The family's identifier, a UUID. */
  readonly family: string;
  /** When every token of the family has expired, access tokens included; milliseconds since 1970. */
  readonly lastsUntil: number;
  /** Undefined for a family that was not revoked. */
  readonly revocation?: RecordedRevocation;
  readonly refreshTokens: readonly RefreshTokenCopy[];
}

/** Some of the tokens of a store. */
export interface CopyBatch {
  readonly accessTokens: readonly AccessTokenCopy[];
  readonly families: readonly FamilyCopy[];
  /** Which part of the store has been read with this batch, from 0 to 1. */
  readonly share: number;
}

/** What a copy has changed. */
export interface CopyCounts {
  /** New ones, as in the next two. */
  readonly families: number;
  readonly refreshTokens: number;
  readonly accessTokens: number;
  /** Tokens of both kinds that an earlier run had copied. */
  readonly alreadyThere: number;
  /** Families and access tokens that were there, and are revoked now. */
  readonly revoked: number;
  /** Refresh tokens that were there, and have been used since, or once more. */
  readonly used: number;
}

export const nothingCopied: CopyCounts = {
  families: 0,
  refreshTokens: 0,
  accessTokens: 0,
  alreadyThere: 0,
  revoked: 0,
  used: 0,
};

/** The sums of some counts. */
export function sumOf(counts: readonly CopyCounts[]): CopyCounts {
  return counts.reduce(
    (sum, each) => ({
      families: sum.families + each.families,
      refreshTokens: sum.refreshTokens + each.refreshTokens,
      accessTokens: sum.accessTokens + each.accessTokens,
      alreadyThere: sum.alreadyThere + each.alreadyThere,
      revoked: sum.revoked + each.revoked,
      used: sum.used + each.used,
    }),
    nothingCopied,
  );
}

/** The store that tokens are copied from. */
export abstract class TokenSource {
  /**
   * All tokens that have not expired at `now`, used and revoked ones included, and every refresh token of a family that
   * has such a token: first the access tokens, then the families. A batch has a thousand tokens, or families without
   * refresh tokens, at most. What changes
   * during the reading may be in no batch.
   * @param now milliseconds since 1970
   * @throws StoreUnavailable
   */
  abstract read(now: number): AsyncIterable<CopyBatch>;
}

/** The store that tokens are copied to. */
export abstract class TokenTarget {
  /**
   * Adds what is missing, and takes over revocations and uses. A token that is revoked or used here stays so, whatever
   * the batch says.
   * @throws StoreUnavailable when not all is there: add it again
   */
  abstract add(batch: CopyBatch): Promise<CopyCounts>;
}

/** Receives the progress of a copy: how many tokens were read, and which part of the store that is, from 0 to 1. */
export type CopyObserver = (tokens: number, share: number) => void;

/** Copies all tokens of one store to another. Run again, it copies what has changed in the meantime. */
export class TokenCopy {
  /** @param feed notifies all nodes of the added tokens, and records the event; the target has notified them of revocations */
  constructor(
    private readonly source: TokenSource,
    private readonly target: TokenTarget,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs in constant memory. A run that fails is recorded, too, with what it has copied.
   * @param to name of the target, for the audit event
   * @throws StoreUnavailable when one of the stores is unavailable: run it again
   */
  async run(to: string, actor: Actor, observer: CopyObserver): Promise<CopyCounts> {
    const at = this.clock.now();
    let counts = nothingCopied;
    let read = 0;
    try {
      for await (const batch of this.source.read(at)) {
        counts = sumOf([counts, await this.target.add(batch)]);
        read += tokensIn(batch);
        observer(read, batch.share);
      }
    } finally {
      if (hasChanged(counts)) await this.feed.publish('addedTokens', copyEvent(to, at, actor, counts));
    }
    return counts;
  }
}

function tokensIn({ accessTokens, families }: CopyBatch): number {
  return families.reduce((sum, { refreshTokens }) => sum + refreshTokens.length, accessTokens.length);
}

function hasChanged({ alreadyThere, ...changes }: CopyCounts): boolean {
  return Object.values(changes).some((count) => count > 0);
}

function copyEvent(to: string, at: number, actor: Actor, counts: CopyCounts): NewAuditEvent {
  const { families, refreshTokens, accessTokens, revoked, used } = counts;
  const changes = {
    to,
    families,
    refresh_tokens: refreshTokens,
    access_tokens: accessTokens,
    revoked,
    used,
  };
  return { at, actor, action: 'tokens.copied', changes };
}
