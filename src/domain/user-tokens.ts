import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { InactiveReason } from './inactive.js';
import type { Page, Place } from './page.js';
import { RememberingDirectory } from './remembering-directory.js';
import { TokenChecker } from './token-checker.js';
import type { ListedToken, TokenRecords } from './token-record.js';

/** An access token of a user, and whether it is active now. */
export interface UserToken extends ListedToken {
  readonly state: 'active' | InactiveReason;
}

/** A part of a list of a user's tokens; as `TokenPart`. */
export interface UserTokenPart {
  readonly tokens: readonly UserToken[];
  readonly last?: Place;
}

/** How many clients are remembered while the tokens of one part are checked. */
const rememberedSubjects = 200;

/** Lists the access tokens of users as they are stored. It bypasses every cache. */
export class UserTokens {
  /** @param directory without a cache */
  constructor(
    private readonly records: TokenRecords,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * A part of the access tokens of a user, newest first; none for a user that there is not.
   * @throws StoreUnavailable
   */
  async list(realm: string, username: string, page: Page): Promise<UserTokenPart> {
    const { tokens, last } = await this.records.listOfUser(realm, username, page);
    // All of them have the same realm and user, and mostly few clients.
    const checker = new TokenChecker(
      new RememberingDirectory(this.directory, rememberedSubjects),
      this.clock,
    );
    const checked: UserToken[] = [];
    for (const token of tokens) checked.push({ ...token, state: await stateOf(token, checker) });
    return { tokens: checked, last };
  }
}

/** With the checks in the order of `TokenService.inspect`. */
async function stateOf(
  { token, revocation }: ListedToken,
  checker: TokenChecker,
): Promise<UserToken['state']> {
  if (revocation) return 'revoked';
  const checked = await checker.check(token);
  return checked.status === 'active' ? 'active' : checked.reason;
}
