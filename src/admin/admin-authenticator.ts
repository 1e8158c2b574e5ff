import type { AdministrationRight } from '../domain/client.js';
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
  /** The most that it may do. */
  readonly access: Access;
}

/** What a request does: look, or change something. */
export const accesses = ['read', 'write'] as const;
export type Access = (typeof accesses)[number];

/** The scope tokens that admit a token, for each access. */
const adminScopes: Readonly<Record<Access, readonly string[]>> = {
  read: ['admin', 'admin:read'],
  write: ['admin'],
};

/** The rights of a client that admit its tokens, for each access. */
const rights: Readonly<Record<Access, readonly AdministrationRight[]>> = {
  read: ['read', 'write'],
  write: ['write'],
};

/** The scope that a refusal names (RFC 6750 §3): the least one that is enough. */
const neededScope: Readonly<Record<Access, string>> = { read: 'admin:read', write: 'admin' };

const challenge = 'Bearer realm="symbolon-admin"';

/** The one place where a caller of the operator's listener is believed: by a Bearer token (RFC 6750 §2.1). */
export class AdminAuthenticator {
  constructor(
    private readonly tokens: TokenService,
    private readonly denials: AccessDenials,
    private readonly addresses: CallerAddresses,
  ) {}

  /**
   * Admits a request.
   * @param access what the request does
   * @param correlationId of the request, for the audit event of a denial
   * @throws Problem 401 without an active token, 403 for one that may not do this (RFC 6750 §3.1)
   * @throws OAuthError for two Authorization headers
   * @throws StoreUnavailable
   */
  async authenticate(
    request: LocatedRequest,
    access: Access,
    correlationId: string | undefined,
  ): Promise<Caller> {
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
    const reason = whyNotAdmitted(inspection, access);
    if (reason === undefined) {
      const mayWrite = whyNotAdmitted(inspection, 'write') === undefined;
      return { ...caller, access: mayWrite ? 'write' : 'read' };
    }
    await this.denials.record({ correlationId, address, ...caller });
    throw insufficient(reason, access, caller);
  }
}

/** Why an active token may not do this, in fixed words; undefined for one that may. */
function whyNotAdmitted({ token, client }: ActiveToken, access: Access): string | undefined {
  if (token.username !== undefined) return 'The token belongs to a user.';
  const hasScope = (wanted: Access) => token.scope.some((scope) => adminScopes[wanted].includes(scope));
  if (!hasScope('read')) return 'The token has neither the scope admin nor admin:read.';
  if (!hasScope(access)) return 'The token may only look: it does not have the scope admin.';
  // A scope called `admin` may have been in use for something else, so the client must be registered to administer.
  if (!rights.read.includes(client.administer)) return 'The client is not registered to administer.';
  if (!rights[access].includes(client.administer)) return 'The client is registered to look, not to change.';
  return undefined;
}

function noToken(): Problem {
  const headers = { 'WWW-Authenticate': challenge };
  return new Problem('no-token', 'Send an admin token as a Bearer token.', { headers });
}

function invalidToken(): Problem {
  const headers = { 'WWW-Authenticate': `${challenge}, error="invalid_token"` };
  return new Problem('invalid-token', 'The token is unknown, expired or revoked.', { headers });
}

function insufficient(reason: string, access: Access, caller: Omit<Caller, 'access'>): Problem {
  const scope = neededScope[access];
  const headers = { 'WWW-Authenticate': `${challenge}, error="insufficient_scope", scope="${scope}"` };
  return new Problem('insufficient-scope', reason, { headers, caller });
}
