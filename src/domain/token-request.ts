/** An access token request. Parameters that were not sent, or sent empty, are undefined (RFC 6749 §3.2). */
export interface TokenRequest {
  readonly grantType?: string;
  readonly scope?: string;
  readonly username?: string;
  readonly password?: string;
  readonly refreshToken?: string;
  readonly state?: string;
  readonly redirectUri?: string;
  /** Where the request came from, for the audit log. */
  readonly origin?: { readonly correlationId?: string; readonly address?: string };
  /** Any other parameter by its name. */
  readonly parameter: (name: string) => string | undefined;
}
