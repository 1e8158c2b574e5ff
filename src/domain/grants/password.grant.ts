import type { Client } from '../client.js';
import { OAuthError } from '../oauth-error.js';
import type { Realm } from '../realm.js';
import type { ResourceOwnerAuthenticator } from '../resource-owner-authenticator.js';
import { grantScope } from '../scope.js';
import { isHashable } from '../secret.js';
import type { TokenRequest } from '../token-request.js';
import type { IssuedTokens, TokenService } from '../token.service.js';
import type { Grant } from './grant.js';

/** RFC 6749 §4.3: the resource owner's password credentials, only for clients registered for it. */
export class PasswordGrant implements Grant {
  readonly grantType = 'password';

  constructor(
    private readonly tokens: TokenService,
    private readonly resourceOwners: ResourceOwnerAuthenticator,
  ) {}

  async issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedTokens> {
    const { username, password } = request;
    if (username === undefined) {
      throw new OAuthError('invalid_request', 'The parameter username is missing.');
    }
    if (password === undefined) {
      throw new OAuthError('invalid_request', 'The parameter password is missing.');
    }
    if (!isHashable(password)) {
      throw new OAuthError('invalid_request', 'The password is longer than 1024 bytes.');
    }
    const scope = grantScope(request.scope, client);
    const address = request.origin?.address;
    const resourceOwner = await this.resourceOwners.authenticate(realm, username, password, address);
    return this.tokens.issue({ realm, client, resourceOwner, scope, grantType: this.grantType, request });
  }
}
