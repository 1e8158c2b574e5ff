import { responseModes } from '../../domain/authorization-request.js';
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

/** What the authorization endpoint takes (§2, RFC 7636, RFC 9207 §3); clients insist on the methods of challenges. */
const authorization: JsonMembers = [
  ['response_types_supported', ['code']],
  ['response_modes_supported', responseModes],
  ['code_challenge_methods_supported', ['S256']],
  ['authorization_response_iss_parameter_supported', true],
];

/** The one member of it that must be there. */
const noAuthorization: JsonMembers = [['response_types_supported', []]];

/** Authorization server metadata (RFC 8414). It lists only the endpoints that modules have registered. */
export class ServerMetadata {
  private readonly endpoints: Endpoint[] = [];
  private authorizationPath?: string;

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

  /**
   * Adds the authorization endpoint. The module that serves it calls this.
   * @param path below `/oauth2`
   */
  registerAuthorization(path: string): void {
    this.authorizationPath = path;
  }

  /** A realm's metadata (§2). */
  of(realm: string): JsonMembers {
    const path = this.authorizationPath;
    return [
      ['issuer', this.issuer.of(realm)],
      ...(path === undefined ? [] : [['authorization_endpoint', this.issuer.endpoint(realm, path)] as const]),
      ...this.endpoints.flatMap(({ name, path, methods }): JsonMembers => [
        [name, this.issuer.endpoint(realm, path)],
        [`${name}_auth_methods_supported`, methods],
      ]),
      ['grant_types_supported', this.grantTypes],
      ...(path === undefined ? noAuthorization : authorization),
    ];
  }
}
