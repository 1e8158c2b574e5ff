import type { Place } from '../domain/page.js';
import { rootRealm } from '../domain/realm.js';
import { type RevocationTarget, type RevokedTokens, TokenRevoker } from '../domain/token-revoker.js';
import { type UserToken, UserTokens } from '../domain/user-tokens.js';
import { cliActor } from './actor.js';
import { commandConfig, inApplication, nameOf, refuseMemory, sayWhichDatabase } from './application.js';
import { CommandError } from './command-error.js';

/** How many tokens are read at once. */
const pageSize = 200;

/**
 * Calls `show` with the access tokens of a user in the store that the environment names, newest first, page by page.
 * @returns whether others may follow
 * @throws CommandError
 */
export function eachToken(
  realm: string,
  username: string,
  limit: number,
  show: (tokens: readonly UserToken[]) => Promise<void>,
): Promise<boolean> {
  const config = commandConfig();
  refuseMemory(config, 'listed');
  return inApplication(config, async (context) => {
    sayWhichDatabase(config);
    const tokens = context.get(UserTokens);
    let before: Place | undefined;
    for (let left = limit; left > 0;) {
      const part = await tokens.list(realm, username, { before, limit: Math.min(left, pageSize) });
      await show(part.tokens);
      if (!part.last) return false;
      before = part.last;
      left -= part.tokens.length;
    }
    return true;
  });
}

/**
 * Revokes tokens in the store that the environment names.
 * @returns what has ended, and what the database is called
 * @throws CommandError, also where there are no such tokens
 */
export async function revokeTokens(
  target: RevocationTarget,
): Promise<{ readonly revoked: RevokedTokens; readonly database: string }> {
  const config = commandConfig();
  refuseMemory(config, 'revoked');
  const revoked = await inApplication(config, (context) =>
    context.get(TokenRevoker).revoke(target, { actor: cliActor(), within: rootRealm }),
  );
  if (!revoked) throw new CommandError('refused', 'there is no such token');
  return { revoked, database: nameOf(config.database) };
}
