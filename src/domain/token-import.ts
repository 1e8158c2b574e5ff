import type { StoredAccessToken } from './access-token.js';
import type { Actor, NewAuditEvent } from './audit.js';
import { maxLifetime } from './client.js';
import type { RefreshToken } from './refresh-token.js';

/** Tokens that another server issued, so that their holders can go on using them here. */
export interface ImportBatch {
  /** One with a family joins it. */
  readonly accessTokens: readonly StoredAccessToken[];
  /** Each begins its family, or joins it where others of the family are there or in the batch. */
  readonly refreshTokens: readonly RefreshToken[];
}

/** The run of an import that a batch belongs to: all batches of a run are one audit event, which counts their tokens. */
export interface ImportRun {
  /** A UUID, which becomes the event's. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  /** Name of the file. */
  readonly file: string;
}

/** The event of a batch that has added some tokens. */
export function importEvent({ at, actor, file }: ImportRun, added: number): NewAuditEvent {
  return { at, actor, action: 'tokens.imported', changes: { file, added } };
}

/** Imports tokens of another server. */
export abstract class TokenImporter {
  /**
   * Adds a batch: all or nothing, unless the store has no transactions; there, a batch that throws may be there in part.
   * A token that is there already stays as it is, so that an import can be run again. One whose family was revoked is not
   * added. From then on tokens of another form than ours are looked up, until the last of the batch has expired.
   * @param run is recorded in the audit log if the batch adds something; a batch of no run is not
   * @returns how many tokens were added
   * @throws StoreUnavailable when not all were added: run it again
   */
  abstract add(batch: ImportBatch, run?: ImportRun): Promise<number>;
}

/** When the last token or family of a batch expires, in milliseconds since 1970; undefined if it is empty. */
export function lastEnd({ accessTokens, refreshTokens }: ImportBatch): number | undefined {
  const ends = [
    ...accessTokens.map(({ expiresAt }) => expiresAt),
    ...refreshTokens.map(({ familyExpiresAt }) => familyExpiresAt),
  ];
  return ends.length === 0 ? undefined : ends.reduce((latest, end) => Math.max(latest, end));
}

/**
 * The longest time between the issue of a refresh token of a batch and the end of its family, in whole seconds: 0 where
 * there is none, and `maxLifetime` at most.
 */
export function longestFamily({ refreshTokens }: ImportBatch): number {
  const longestMs = refreshTokens
    .map(({ issuedAt, familyExpiresAt }) => familyExpiresAt - issuedAt)
    .reduce((longest, lifetime) => Math.max(longest, lifetime), 0);
  return Math.min(Math.ceil(longestMs / 1000), maxLifetime);
}

/**
 * The families of a batch, each with the time when the last of its tokens in the batch expires, a family's end among
 * them; in milliseconds since 1970.
 */
export function familyEnds({ accessTokens, refreshTokens }: ImportBatch): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  const add = (family: string, end: number) => ends.set(family, Math.max(end, ends.get(family) ?? end));
  for (const { family, expiresAt } of accessTokens) if (family !== undefined) add(family, expiresAt);
  for (const { family, familyExpiresAt } of refreshTokens) add(family, familyExpiresAt);
  return ends;
}
