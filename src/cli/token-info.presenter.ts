import type { Answer } from './http.js';
import { printable } from './terminal.js';

/** The answer of Axway's token information service. */
export interface TokenInfo {
  readonly audience: string;
  readonly scope: string;
  /** Whole seconds left. */
  readonly expiresIn: number;
  readonly userId: string;
}

/** Reads the service's answer; undefined when it is not token information. */
export function readTokenInfo({ status, members }: Answer): TokenInfo | undefined {
  const { audience, scope, expires_in: expiresIn, user_id: userId } = members;
  const complete =
    status === 200 &&
    typeof audience === 'string' &&
    typeof scope === 'string' &&
    typeof expiresIn === 'number' &&
    typeof userId === 'string';
  return complete ? { audience, scope, expiresIn, userId } : undefined;
}

/**
 * The lines that Axway's sample client `oauth/token_info.py` prints, character by character: 22 stars to the
 * left of the title, 35 to its right and 78 in the last line, and only `User id` has a space before the
 * colon.
 * @param info undefined when there is none; then the result is the first two lines only
 */
export function tokenInfoLayout(token: string, status: number, info?: TokenInfo): string {
  const lines = [
    `Get token info for this token:${printable(token)}`,
    `Response from token info request is:${status}`,
  ];
  if (info) {
    lines.push(
      `${'*'.repeat(22)}TOKEN INFO RESPONSE${'*'.repeat(35)}`,
      `Token audience received from authorization server:${printable(info.audience)}`,
      `Scopes user consented to:${printable(info.scope)}`,
      `Token expiry time:${info.expiresIn}`,
      `User id :${printable(info.userId)}`,
      '*'.repeat(78),
    );
  }
  return lines.join('\n');
}
