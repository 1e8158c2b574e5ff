import type { Client } from '../../src/domain/client.js';
import { plainPages } from '../../src/domain/realm.js';
import type { ActiveToken } from '../../src/domain/token.service.js';
import { FormParameters } from '../../src/http/request/parameters.js';
import type { RequestView } from '../../src/http/request/request-view.js';
import { clientDefaults } from './client-defaults.js';
import type { AnsweredRequest } from '../../src/http/tokeninfo/axway/selectors/selector-scope.js';

/** The value of the token that `activeToken` describes. */
export const presented = 'sya_BcYGjPOQSCrtbEc1F0ag8zf6OT9rCaMLiI1dYjFLT5z';

const scope = ['https://localhost:8090/auth/userinfo.email'];

/** A client with a name, description, contact and application, except as stated. */
function clientOf(overrides: Partial<Client>): Client {
  return {
    realm: '/',
    clientId: 'SampleConfidentialApp',
    type: 'confidential',
    grantTypes: ['password', 'client_credentials'],
    scopes: scope,
    defaultScopes: scope,
    ...clientDefaults,
    name: 'Sample Application',
    description: 'Reads the mail address',
    contactEmail: 'owner@example.com',
    application: 'Sample',
    epoch: 2,
    ...overrides,
  };
}

/** The vendor's sample token, of the user `admin`, except as stated. */
export function activeToken(
  overrides: { token?: Partial<ActiveToken['token']>; client?: Partial<Client> } = {},
): ActiveToken {
  const client = clientOf(overrides.client ?? {});
  const expiresAt = Date.UTC(2012, 9, 5, 11, 46, 54);
  return {
    status: 'active',
    token: {
      realm: client.realm,
      clientId: client.clientId,
      username: 'admin',
      scope,
      grantType: 'password',
      authLevel: 0,
      issuedAt: expiresAt - 3_600_000,
      expiresAt,
      epochs: { realm: 1, client: client.epoch, resourceOwner: 3 },
      ...overrides.token,
    },
    secondsLeft: 3599,
    realm: { path: '/', authLevel: 0, usernames: 'exact', pages: plainPages, enabled: true, epoch: 1 },
    client,
  };
}

/** @param parts `query` still encoded; `headers` as alternating names and values */
export function requestView(
  parts: { method?: string; query?: string; headers?: string[] } = {},
): RequestView {
  const { method = 'GET', query = '', headers = [] } = parts;
  return { method, path: '/api/oauth/tokeninfo', query: new FormParameters(query), rawHeaders: headers };
}

/** A request that presents the sample token, except as stated. */
export function answeredRequest(overrides: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return { view: requestView(), presented, active: activeToken(), ...overrides };
}
