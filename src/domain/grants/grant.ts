import type { Client } from '../client.js';
import type { Realm } from '../realm.js';
import type { IssuedToken } from '../token.service.js';

/** Every grant type that is served, by its name on the wire. */
export const grantTypes = ['password', 'client_credentials'] as const;

export type GrantType = (typeof grantTypes)[number];

/** An access token request as it came: parameters that were not sent, or sent empty, are undefined (RFC 6749 §3.2). */
export interface TokenRequest {
  readonly grantType?: string;
  readonly scope?: string;
  readonly username?: string;
  readonly password?: string;
}

/** One authorization grant, RFC 6749 §1.3. */
export interface Grant {
  readonly grantType: GrantType;
  /**
   * Issues what an authenticated client that is registered for this grant may have.
   * @throws OAuthError when it is refused; nothing has been used up then
   */
  issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedToken>;
}
