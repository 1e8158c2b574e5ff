/** Where a request came from. */
export interface RequestOrigin {
  /** The correlation id of its answer, a UUID. */
  readonly correlationId?: string;
  /** Network address of the caller. */
  readonly address?: string;
}

/** An access token request. Parameters that were not sent, or sent empty, are undefined (RFC 6749 §3.2). */
export interface TokenRequest {
  readonly grantType?: string;
  readonly scope?: string;
  readonly username?: string;
  readonly password?: string;
  readonly refreshToken?: string;
  /** An authorization code. */
  readonly code?: string;
  /** RFC 7636 §4.5. */
  readonly codeVerifier?: string;
  readonly state?: string;
  readonly redirectUri?: string;
  /** For the audit log. */
  readonly origin?: RequestOrigin;
  /** Any other parameter by its name. */
  readonly parameter: (name: string) => string | undefined;
}
