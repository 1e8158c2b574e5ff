import type { Page, Place } from '../../domain/page.js';
import {
  type AccessTokenRecord,
  type ListedToken,
  placeOfToken,
  type TokenPart,
} from '../../domain/token-record.js';

/**
 * See `TokenRecords.listOfUser`.
 * @param kept all access tokens by their `hashKey`
 */
export function tokensOfUser(
  kept: ReadonlyMap<string, AccessTokenRecord>,
  realm: string,
  username: string,
  { limit, before }: Page,
): TokenPart {
  const following = [...kept]
    .filter(([, { token }]) => token.realm === realm && token.username === username)
    .map(([key, { token, revocation }]) => ({ hash: Buffer.from(key, 'latin1'), token, revocation }))
    .filter((listed) => before === undefined || compared(placeOfToken(listed), before) > 0)
    .sort((one, other) => compared(placeOfToken(one), placeOfToken(other)));
  const tokens: ListedToken[] = following.slice(0, limit);
  return { tokens, last: following.length > limit ? placeOfToken(tokens[limit - 1]) : undefined };
}

/** Newest first. */
function compared(one: Place, other: Place): number {
  return other.at - one.at || (one.id < other.id ? -1 : Number(one.id > other.id));
}
