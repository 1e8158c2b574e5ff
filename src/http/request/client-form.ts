import type { ClientCredentials } from '../../domain/client-authenticator.js';
import { malformed } from '../../domain/oauth-error.js';
import type { Realm } from '../../domain/realm.js';
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
  /** The `Authorization` header; undefined when none was sent. */
  readonly authorization: string | undefined;
  /** Reads the client's credentials. @throws OAuthError as `clientCredentials` does */
  readonly credentials: () => ClientCredentials | undefined;
}

/** Parameters of client authentication, which belongs in the form or the header, never in the URL. */
const authenticationParameters = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/**
 * Reads a form that a client posts.
 * @param parameters the endpoint's own, besides those of client authentication
 * @throws OAuthError `invalid_request` for an OAuth parameter in the query, where it would be logged on the
 *   way, or one that was sent twice
 * @throws NotFound when there is no such realm
 */
export async function readClientForm(
  request: LocatedRequest,
  realms: RealmResolver,
  parameters: readonly string[],
): Promise<ClientForm> {
  const view = viewOf(request);
  view.query.refuseUnreadable();
  const realm = await realms.namedOrRoot(request, view);
  const form = await readForm(request, { typeMayBeMissing: false });
  for (const name of [...authenticationParameters, ...parameters]) {
    if (view.query.has(name)) throw malformed('OAuth parameter in the query');
    form.one(name);
  }
  const authorization = authorizationHeader(view);
  return { realm, form, authorization, credentials: () => clientCredentials(authorization, form) };
}
