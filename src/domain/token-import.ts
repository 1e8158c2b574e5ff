import type { StoredAccessToken } from './access-token.js';
import type { RefreshToken } from './refresh-token.js';

/** Tokens of another server's, for their holders to go on with here. */
export interface ImportBatch {
  readonly accessTokens: readonly StoredAccessToken[];
  /** Each the first of a family of its own. */
  readonly refreshTokens: readonly RefreshToken[];
}

/** Takes tokens over from another server. */
export abstract class TokenImporter {
  /**
   * Adds a batch, all or nothing. A token that is there already stays as it is, so that an import can be run again.
   * From then on tokens of another form than ours are looked up, until the last of the batch has expired.
   * @returns how many were not there before
   * @throws StoreUnavailable when nothing was added
   */
  abstract add(batch: ImportBatch): Promise<number>;
}

/** When the last token of a batch will have expired, in milliseconds since 1970; undefined for an empty batch. */
export function lastEnd({ accessTokens, refreshTokens }: ImportBatch): number | undefined {
  const ends = [
    ...accessTokens.map(({ expiresAt }) => expiresAt),
    ...refreshTokens.map(({ familyExpiresAt }) => familyExpiresAt),
  ];
  return ends.length === 0 ? undefined : ends.reduce((latest, end) => Math.max(latest, end));
}
