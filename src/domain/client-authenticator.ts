import type { Client } from './client.js';
import type { Directory } from './directory.js';
import { checkAdmitted, type LoginThrottle } from './login-throttle.js';
import { OAuthError } from './oauth-error.js';
import type { Realm } from './realm.js';
import type { RememberedSecrets } from './remembered-secrets.js';

/** The credentials that a client sent (RFC 6749 §2.3.1). */
export interface ClientCredentials {
  readonly clientId: string;
  /** Undefined where only an identifier was sent, as public clients do. */
  readonly clientSecret?: string;
  /** Another reading of the secret, where the sender may have meant that; see `SecretVerifier`. */
  readonly otherReading?: string;
  /** Whether they were sent in the header and in the form, the same in both. */
  readonly repeated?: boolean;
}

/** Client authentication, RFC 6749 §2.3. */
export class ClientAuthenticator {
  constructor(
    private readonly directory: Directory,
    private readonly secrets: RememberedSecrets,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * Finds the enabled client of `realm` with these credentials. A public client sends its identifier only.
   * @param address where the request comes from
   * @throws TooManyAttempts for a secret that must be hashed, after too many wrong ones from that address
   * @throws Overloaded when it cannot be hashed in time
   * @throws OAuthError `invalid_client`; an unknown client, a wrong secret and a disabled client look alike.
   *   `invalid_request` for repeated credentials, if they are right: nobody else learns who is lenient
   */
  async authenticate(
    realm: Realm,
    credentials: ClientCredentials | undefined,
    address: string | undefined,
  ): Promise<Client> {
    if (!credentials) {
      throw invalidClient('no client authentication');
    }
    const { clientId, clientSecret } = credentials;
    const client = await this.directory.findClient(realm.path, clientId);
    // A disabled client's secret is not compared: the time that takes would show whether it is right.
    const able = client?.enabled && realm.enabled ? client : undefined;
    const proven =
      able?.type === 'public' && clientSecret === undefined
        ? true
        : await this.isRight(realm, able?.secretHash, credentials, address);
    if (!client) throw invalidClient('unknown client');
    if (!client.enabled) throw invalidClient('client disabled');
    if (!realm.enabled) throw invalidClient('realm disabled');
    if (!proven) throw invalidClient('wrong secret');
    if (credentials.repeated && !client.lenientAuthentication) throw repeatedCredentials(client);
    return client;
  }

  /** Whether the secret is right. A secret whose check costs a hash, be it for the sake of time alone, is an attempt. */
  private async isRight(
    realm: Realm,
    stored: string | undefined,
    credentials: ClientCredentials,
    address: string | undefined,
  ): Promise<boolean> {
    const readings = secretReadings(credentials);
    if (this.secrets.recognizes(stored, readings)) return true;
    const subject = { kind: 'client', name: credentials.clientId } as const;
    const admission = await this.throttle.admit(realm, subject, address);
    return checkAdmitted(admission, (turn) => this.secrets.verify(stored, readings, turn));
  }
}

/** RFC 6749 §2.3 allows one method per request. */
export function twoMethods(detail?: string): OAuthError {
  const description =
    'More than one method of client authentication was used: the Authorization header and the form.';
  return new OAuthError('invalid_request', description, detail);
}

function repeatedCredentials(client: Client): OAuthError {
  const error = twoMethods('the same credentials twice, and no lenient_authentication');
  error.client = client;
  return error;
}

/** What the secret that was sent may be, the likeliest first; an empty text where none was sent. */
export function secretReadings({ clientSecret = '', otherReading }: ClientCredentials): readonly string[] {
  return otherReading === undefined ? [clientSecret] : [clientSecret, otherReading];
}

/** RFC 6749 §5.2 `invalid_client`: one answer for every reason; the reason goes to the log. */
export function invalidClient(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'Client authentication failed.', detail);
}
