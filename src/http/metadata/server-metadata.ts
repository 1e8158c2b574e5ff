import type { Issuer } from './issuer.js';
import type { JsonMembers } from '../response/reply.js';

/** How a client may authenticate at an endpoint (RFC 7591 §2); `Bearer` by an access token (RFC 8414 §2, RFC 6750). */
export type AuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'none' | 'Bearer';

/** Names of endpoints in RFC 8414 §2. */
export type EndpointName = 'token_endpoint' | 'revocation_endpoint' | 'introspection_endpoint';

interface Endpoint {
  readonly name: EndpointName;
  readonly path: string;
  readonly methods: readonly AuthenticationMethod[];
}

/** Authorization server metadata (RFC 8414). It lists only the endpoints that modules have registered. */
export class ServerMetadata {
  private readonly endpoints: Endpoint[] = [];

  constructor(
    private readonly issuer: Issuer,
    private readonly grantTypes: readonly string[],
  ) {}

  /**
   * Adds an endpoint. The module that serves it calls this.
   * @param path below `/oauth2`
   * @param methods how a client may authenticate there
   */
  register(name: EndpointName, path: string, methods: readonly AuthenticationMethod[]): void {
    this.endpoints.push({ name, path, methods });
  }

  /** A realm's metadata (§2). */
  of(realm: string): JsonMembers {
    return [
      ['issuer', this.issuer.of(realm)],
      ...this.endpoints.flatMap(({ name, path, methods }): JsonMembers => [
        [name, this.issuer.endpoint(realm, path)],
        [`${name}_auth_methods_supported`, methods],
      ]),
      ['grant_types_supported', this.grantTypes],
      ['response_types_supported', []],
    ];
  }
}
