import type { RefusalReason } from './inactive.js';

/**
 * Error codes of RFC 6749 §5.2 and §4.1.2.1, of RFC 6750 §3.1 (`invalid_token`, `insufficient_scope`) and of OpenID
 * Connect Core §3.1.2.6 (`login_required` to `request_uri_not_supported`); `redirect_uri_mismatch` and `bad_request` are
 * ForgeRock's, for pages.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'login_required'
  | 'consent_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'redirect_uri_mismatch'
  | 'bad_request'
  | 'server_error'
  | 'temporarily_unavailable';

/**
 * A refusal in OAuth's own terms. `http` decides its HTTP status, since the flavours answer the same error
 * differently.
 */
export class OAuthError extends Error {
  /** The authenticated client that was refused, for the log. */
  client?: { readonly clientId: string; readonly application?: string };

  /**
   * @param code the error code that the caller gets
   * @param description public and in fixed words: %x20-21 / %x23-5B / %x5D-7E, never anything a caller sent
   * @param detail for the log alone, in fixed words as well
   * @param reason the constant word that operators and metrics know the refusal by, if it has one
   */
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    readonly detail?: string,
    readonly reason?: RefusalReason,
  ) {
    super(description);
    this.name = 'OAuthError';
  }
}

/** The request does not have the form that the protocol requires (RFC 6749 §5.2 `invalid_request`). */
export function malformed(detail: string): OAuthError {
  return new OAuthError('invalid_request', 'The request is malformed.', detail);
}

/**
 * A store could not answer, so it is not known whether the requested entry exists. Every port throws it
 * instead of its driver's errors.
 */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('The store is unavailable.', { cause });
    this.name = 'StoreUnavailable';
  }
}
