import type { ClientCredentials } from '../../domain/client-authenticator.js';
import { OAuthError } from '../../domain/oauth-error.js';
import type { Realm } from '../../domain/realm.js';
import type { CallerAddresses } from './caller-address.js';
import { clientCredentials } from './client-credentials.js';
import { readForm } from './form-body.js';
import type { LocatedRequest } from './located-request.js';
import type { RealmResolver } from './realm-resolver.js';
import type { FormParameters } from './parameters.js';
import { authorizationHeader, viewOf } from './request-view.js';

/** What a client sends to the token, revocation and introspection endpoints. */
export interface ClientForm {
  readonly realm: Realm;
  readonly form: FormParameters;
  /** The network address of the caller; undefined where that is not known. */
  readonly address: string | undefined;
  /** The `Authorization` header; undefined when none was sent. */
  readonly authorization: string | undefined;
  /** Reads the client's credentials. @throws OAuthError as `clientCredentials` does */
  readonly credentials: () => ClientCredentials | undefined;
}

/** Parameters of client authentication, which belongs in the form or the header, not in the URL. */
const authenticationParameters = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/** The query's one parameter that is not OAuth's. */
const realmParameter = 'realm';

/** The refusal of an OAuth parameter in the URL, in words that say why. */
function inUrl(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'OAuth parameters must be in the body: a URL, and what is in it, gets into logs.',
    'an OAuth parameter in the URL, without AM_QUERY_PARAMETERS',
  );
}

/** Reads the forms that clients post. */
export class ClientFormReader {
  /** @param amQueryParameters whether the URL of AM's endpoints may hold what belongs in the form */
  constructor(
    private readonly realms: RealmResolver,
    private readonly addresses: CallerAddresses,
    private readonly amQueryParameters: boolean,
  ) {}

  /**
   * Reads a form.
   * @param parameters the endpoint's own, besides those of client authentication
   * @throws OAuthError `invalid_request` for an OAuth parameter in the URL, where it would be logged on the way, or one
   *   that was sent twice
   * @throws NotFound when there is no such realm
   */
  async read(request: LocatedRequest, parameters: readonly string[]): Promise<ClientForm> {
    const view = viewOf(request);
    view.query.refuseUnreadable();
    const realm = await this.realms.namedOrRoot(request, view);
    const names = [...authenticationParameters, ...parameters];
    // Axway's endpoints are not below `/oauth2`.
    const queryToo = this.amQueryParameters && request.oauth2 !== undefined;
    if (!queryToo && names.some((name) => view.query.has(name))) throw inUrl();
    const form = await readForm(request, { typeMayBeMissing: queryToo && !hasBody(request) });
    if (queryToo) form.include(view.query, realmParameter);
    for (const name of names) form.one(name);
    const authorization = authorizationHeader(view);
    const credentials = () => clientCredentials(authorization, form);
    return { realm, form, address: this.addresses.of(request), authorization, credentials };
  }
}

/** Whether a request has a body, be it an empty one in chunks (RFC 9112 §6.3). */
function hasBody({ headers }: LocatedRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
