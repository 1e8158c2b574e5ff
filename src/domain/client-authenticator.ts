import { acceptedSecrets, type Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import { checkAdmitted, type LoginThrottle } from './login-throttle.js';
import { OAuthError } from './oauth-error.js';
import type { Realm } from './realm.js';
import type { RememberedSecrets } from './remembered-secrets.js';
import { isGeneratedSecretHash } from './secret.js';
import type { SecretUses } from './secret-uses.js';

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
    private readonly clock: Clock,
    private readonly uses: SecretUses,
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
    const isNamed = able?.type === 'public' && clientSecret === undefined;
    const proof = isNamed ? undefined : await this.rightSecret(realm, able, credentials, address);
    if (!client) throw invalidClient('unknown client');
    if (!client.enabled) throw invalidClient('client disabled');
    if (!realm.enabled) throw invalidClient('realm disabled');
    if (!isNamed && proof === undefined) throw invalidClient('wrong secret');
    if (credentials.repeated && !client.lenientAuthentication) throw repeatedCredentials(client);
    if (proof !== undefined) this.uses.note(client, proof);
    return client;
  }

  /**
   * The stored hash of the secret that was sent, if it is right. A secret whose check costs a hash, be it for the sake of
   * time alone, is an attempt: one, with one check, however many secrets the client has.
   */
  private async rightSecret(
    realm: Realm,
    client: Client | undefined,
    credentials: ClientCredentials,
    address: string | undefined,
  ): Promise<string | undefined> {
    const readings = secretReadings(credentials);
    const accepted = client ? acceptedSecrets(client, this.clock.now()) : [];
    const known = accepted.find((hash) => this.secrets.recognizes(hash, readings));
    if (known !== undefined) return known;
    const stored = accepted.find((hash) => !isGeneratedSecretHash(hash)) ?? accepted.at(0);
    const owner = { kind: 'client', realm: realm.path, name: credentials.clientId } as const;
    const admission = await this.throttle.admit(realm, owner, address);
    let right: string | undefined;
    const admitted = await checkAdmitted(admission, async (turn) => {
      right = await this.secrets.verify(owner, stored, readings, turn);
      return right !== undefined;
    });
    return admitted ? right : undefined;
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
