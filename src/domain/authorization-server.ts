import type { ClientAuthenticator, ClientCredentials } from './client-authenticator.js';
import type { Grant } from './grants/grant.js';
import type { TokenRequest } from './token-request.js';
import { OAuthError } from './oauth-error.js';
import type { Realm } from './realm.js';
import type { IssuedTokens } from './token.service.js';

/** The token endpoint, RFC 6749 §3.2: authenticates the client and lets its grant issue the tokens. */
export class AuthorizationServer {
  private readonly grants: ReadonlyMap<string, Grant>;

  constructor(
    private readonly authenticator: ClientAuthenticator,
    grants: readonly Grant[],
  ) {
    this.grants = new Map(grants.map((grant) => [grant.grantType, grant]));
  }

  /** The grant types that it serves, by their names on the wire. */
  get grantTypes(): readonly string[] {
    return [...this.grants.keys()];
  }

  /**
   * Answers an access token request.
   * @param credentials the credentials that the client sent; undefined when it sent none
   * @throws OAuthError one of RFC 6749 §5.2; nothing is issued or changed then, except that the reuse of a
   *   refresh token may revoke its family
   */
  async token(
    realm: Realm,
    credentials: ClientCredentials | undefined,
    request: TokenRequest,
  ): Promise<IssuedTokens> {
    if (request.grantType === undefined) {
      throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
    }
    const client = await this.authenticator.authenticate(realm, credentials, request.origin?.address);
    try {
      const grant = this.grants.get(request.grantType);
      if (!grant) {
        throw new OAuthError('unsupported_grant_type', 'The grant type is not supported.');
      }
      if (!client.grantTypes.includes(grant.grantType)) {
        throw new OAuthError('unauthorized_client', 'The client may not use this grant type.');
      }
      return await grant.issue(realm, client, request);
    } catch (error) {
      if (error instanceof OAuthError) error.client = client;
      throw error;
    }
  }
}
