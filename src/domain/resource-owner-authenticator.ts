import type { Directory } from './directory.js';
import type { RefusalReason } from './inactive.js';
import { checkAdmitted, type LoginThrottle } from './login-throttle.js';
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
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * Finds the enabled resource owner of a realm whom this name means, with this password.
   * @param address where the request comes from
   * @throws OAuthError `invalid_grant`; an unknown name, a wrong password, a disabled resource owner and one at whom too
   *   many attempts were wrong look the same and take the same time
   * @throws TooManyAttempts after too many wrong passwords from that address
   * @throws Overloaded when the password cannot be hashed in time
   */
  async authenticate(
    realm: Realm,
    username: string,
    password: string,
    address: string | undefined,
  ): Promise<ResourceOwner> {
    const found = await findPresented(this.directory, realm, username);
    const admission = await this.throttle.admit(realm, { kind: 'user', name: username }, address);
    const throttled = admission.outcome === 'user';
    const resourceOwner = throttled ? undefined : found;
    const owner = { kind: 'user', realm: realm.path, name: resourceOwner?.username ?? username } as const;
    // A disabled one's password is not compared: only refusals take all the same time.
    const able = resourceOwner?.enabled ? resourceOwner : undefined;
    const proven = await checkAdmitted(
      admission,
      async (turn) =>
        (await this.secrets.verify(owner, able?.passwordHash, readingsOf(password), turn)) !== undefined,
    );
    if (throttled) throw invalidGrant('too many failed attempts at this user', 'throttled_user');
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

function invalidGrant(detail: string, reason?: RefusalReason): OAuthError {
  return new OAuthError('invalid_grant', 'The resource owner credentials are invalid.', detail, reason);
}
