import type { RefusalReason } from './inactive.js';

/**
 * Error codes of RFC 6749 §5.2 and §4.1.2.1, of RFC 6750 §3.1 (`invalid_token`, `insufficient_scope`) and of OpenID
 * Connect Core §3.1.2.6 (`login_required` to `request_uri_not_supported`); `redirect_uri_mismatch` and `bad_request` are
 * ForgeRock's, for pages. No RFC has one for too many attempts: `too_many_attempts` is Auth0's.
 */
export const oauthErrorCodes = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_token',
  'insufficient_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'unsupported_response_type',
  'access_denied',
  'login_required',
  'consent_required',
  'request_not_supported',
  'request_uri_not_supported',
  'redirect_uri_mismatch',
  'bad_request',
  'server_error',
  'temporarily_unavailable',
  'too_many_attempts',
] as const;

export type OAuthErrorCode = (typeof oauthErrorCodes)[number];

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
export class MalformedRequest extends OAuthError {
  constructor(detail: string) {
    super('invalid_request', 'The request is malformed.', detail);
    this.name = 'MalformedRequest';
  }
}

export function malformed(detail: string): MalformedRequest {
  return new MalformedRequest(detail);
}

/** Too many passwords or secrets from one address were wrong (RFC 6585 §4). */
export class TooManyAttempts extends OAuthError {
  /** @param retryAfterMs after how many milliseconds the next attempt is admitted */
  constructor(readonly retryAfterMs: number) {
    super(
      'too_many_attempts',
      'Too many failed attempts. Wait before the next one.',
      'too many failed attempts from the address',
      'throttled_address',
    );
    this.name = 'TooManyAttempts';
  }
}

/** There are more passwords and secrets to check than can be checked in time. */
export class Overloaded extends OAuthError {
  /** Whether this one was checked nevertheless, and was wrong. Else nothing is known of it. */
  wrong = false;

  /** @param detail for the log alone, in fixed words */
  constructor(detail: string) {
    super('temporarily_unavailable', 'The server is temporarily unavailable.', detail, 'hashing_full');
    this.name = 'Overloaded';
  }
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

/**
 * Others changed the same entries at the same time, at each of several attempts, so that nothing was changed here. The
 * store can be reached; the same call may succeed now.
 */
export class ConflictingChanges extends StoreUnavailable {
  constructor(cause: unknown) {
    super(cause);
    this.message = 'Others changed the same entries at the same time; nothing was changed.';
    this.name = 'ConflictingChanges';
  }
}
