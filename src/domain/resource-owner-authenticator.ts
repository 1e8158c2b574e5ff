import type { Directory } from './directory.js';
import { OAuthError } from './oauth-error.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import type { SecretVerifier } from './secret.js';
import { findPresented } from './username.js';

/** The one place where a resource owner is authenticated (RFC 6749 §4.3.2). */
export class ResourceOwnerAuthenticator {
  constructor(
    private readonly directory: Directory,
    private readonly secrets: SecretVerifier,
  ) {}

  /**
   * Finds the enabled resource owner of a realm whom this name means, with this password.
   * @throws OAuthError `invalid_grant`; an unknown name, a wrong password and a disabled resource owner look
   *   the same and take the same time
   */
  async authenticate(realm: Realm, username: string, password: string): Promise<ResourceOwner> {
    const resourceOwner = await findPresented(this.directory, realm, username);
    const owner = { kind: 'user', realm: realm.path, name: resourceOwner?.username ?? username } as const;
    // A disabled one's password is not compared: only refusals take all the same time.
    const able = resourceOwner?.enabled ? resourceOwner : undefined;
    const proven = await this.secrets.verify(owner, able?.passwordHash, ...readingsOf(password));
    if (!resourceOwner) throw invalidGrant('unknown resource owner');
    if (!resourceOwner.enabled) throw invalidGrant('resource owner disabled');
    if (!proven) throw invalidGrant('wrong password');
    return resourceOwner;
  }
}

/** A password as it was sent and, where that differs, composed (NFC): systems do not agree on how to write an accent. */
function readingsOf(password: string): readonly string[] {
  const composed = password.normalize('NFC');
  return composed === password ? [password] : [password, composed];
}

function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', 'The resource owner credentials are invalid.', detail);
}
