import type { Client } from '../client.js';
import { OAuthError } from '../oauth-error.js';
import type { Realm } from '../realm.js';
import { grantScope } from '../scope.js';
import type { IssuedTokens, TokenService } from '../token.service.js';
import type { Grant } from './grant.js';
import type { TokenRequest } from '../token-request.js';

/** RFC 6749 §4.4: a confidential client acts for itself. */
export class ClientCredentialsGrant implements Grant {
  readonly grantType = 'client_credentials';

  constructor(private readonly tokens: TokenService) {}

  async issue(realm: Realm, client: Client, request: TokenRequest): Promise<IssuedTokens> {
    if (client.type !== 'confidential') {
      throw new OAuthError('unauthorized_client', 'A public client may not use this grant type.');
    }
    const scope = grantScope(request.scope, client);
    return this.tokens.issue({ realm, client, scope, grantType: this.grantType, request });
  }
}
