import type { Client } from '../client.js';
import type { GrantType } from '../grant-type.js';
import type { Realm } from '../realm.js';
import type { TokenRequest } from '../token-request.js';
import type { IssuedTokens } from '../token.service.js';

/** One authorization grant, RFC 6749 §1.3. */
export interface Grant {
  readonly grantType: GrantType;
  /**
   * Issues tokens to an authenticated client that is registered for this grant.
   * @throws OAuthError when the request is refused; nothing has been used up then
   */
  issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedTokens>;
}
