import type { Client } from '../client.js';
import type { Directory } from '../directory.js';
import { OAuthError } from '../oauth-error.js';
import type { Realm } from '../realm.js';
import { grantScope } from '../scope.js';
import { isHashable, type SecretVerifier } from '../secret.js';
import type { IssuedTokens, TokenService } from '../token.service.js';
import type { Grant } from './grant.js';
import type { TokenRequest } from '../token-request.js';

/** RFC 6749 §4.3: the resource owner's password credentials, for clients registered for it alone. */
export class PasswordGrant implements Grant {
  readonly grantType = 'password';

  constructor(
    private readonly tokens: TokenService,
    private readonly directory: Directory,
    private readonly secrets: SecretVerifier,
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
    const resourceOwner = await this.directory.findResourceOwner(realm.path, username);
    const proven = await this.secrets.verify(resourceOwner?.passwordHash, password);
    if (!resourceOwner) throw invalidGrant('unknown resource owner');
    if (!proven) throw invalidGrant('wrong password');
    if (!resourceOwner.enabled) throw invalidGrant('resource owner disabled');
    return this.tokens.issue({ realm, client, resourceOwner, scope, grantType: this.grantType, request });
  }
}

function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', 'The resource owner credentials are invalid.', detail);
}
