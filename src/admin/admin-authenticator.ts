import type { Client } from '../domain/client.js';
import type { ActiveToken, TokenService } from '../domain/token.service.js';
import { bearerToken } from '../http/request/bearer-token.js';
import type { CallerAddresses } from '../http/request/caller-address.js';
import type { LocatedRequest } from '../http/request/located-request.js';
import { authorizationHeader } from '../http/request/request-view.js';
import { tokenIdOf } from '../http/response/token-id.js';
import type { AccessDenials } from './access-denials.js';
import { Problem } from './problem.js';

/** Who sends a request: the client of an admin token. It may see its realm and those below it. */
export interface Caller {
  readonly realm: string;
  readonly clientId: string;
}

/** The scope tokens that admit a token. With `admin:read` it may only look, with `admin` also change. */
const adminScopes = ['admin', 'admin:read'];

const challenge = 'Bearer realm="symbolon-admin"';

/** The one place where a caller of the operator's listener is believed: by a Bearer token (RFC 6750 §2.1). */
export class AdminAuthenticator {
  constructor(
    private readonly tokens: TokenService,
    private readonly denials: AccessDenials,
    private readonly addresses: CallerAddresses,
  ) {}

  /**
   * Admits a request that only looks.
   * @param correlationId of the request, for the audit event of a denial
   * @throws Problem 401 without an active token, 403 for one that may not look (RFC 6750 §3.1)
   * @throws OAuthError for two Authorization headers
   * @throws StoreUnavailable
   */
  async authenticate(request: LocatedRequest, correlationId: string | undefined): Promise<Caller> {
    const value = bearerToken(authorizationHeader(request));
    if (value === undefined) throw noToken();
    const address = this.addresses.of(request);
    const inspection = await this.tokens.inspect(value, () => true);
    if (inspection.status !== 'active') {
      const tokenId = tokenIdOf(inspection.reason, value)?.();
      await this.denials.record({ correlationId, address, tokenId });
      throw invalidToken();
    }
    const { realm, clientId } = inspection.token;
    const caller = { realm, clientId };
    const reason = whyNotAdmitted(inspection);
    if (reason === undefined) return caller;
    await this.denials.record({ correlationId, address, ...caller });
    throw insufficient(reason, caller);
  }
}

/** Why an active token may not even look, in fixed words; undefined for one that may. */
function whyNotAdmitted({ token, client }: ActiveToken): string | undefined {
  if (token.username !== undefined) return 'The token belongs to a user.';
  if (!token.scope.some((scope) => adminScopes.includes(scope))) {
    return 'The token has neither the scope admin nor admin:read.';
  }
  return mayLook(client) ? undefined : 'The client is not registered to administer.';
}

/** A scope called `admin` may have been in use for something else, so the client must be registered to administer. */
function mayLook({ administer }: Client): boolean {
  return administer === 'read' || administer === 'write';
}

function noToken(): Problem {
  const headers = { 'WWW-Authenticate': challenge };
  return new Problem('no-token', 'Send an admin token as a Bearer token.', { headers });
}

function invalidToken(): Problem {
  const headers = { 'WWW-Authenticate': `${challenge}, error="invalid_token"` };
  return new Problem('invalid-token', 'The token is unknown, expired or revoked.', { headers });
}

function insufficient(reason: string, caller: Caller): Problem {
  const headers = { 'WWW-Authenticate': `${challenge}, error="insufficient_scope", scope="admin:read"` };
  return new Problem('insufficient-scope', reason, { headers, caller });
}
