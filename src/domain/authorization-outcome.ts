import type { ReturnAddress } from './authorization-request.js';
import type { Client } from './client.js';
import type { OAuthError } from './oauth-error.js';
import type { Scope } from './scope.js';

/** What is wrong with the login form that was posted. `incomplete`: the user name or the password is missing. */
export type LoginProblem = 'wrong_credentials' | 'incomplete';

/** The user must sign in. */
export interface LoginOutcome {
  readonly kind: 'login';
  readonly client: Client;
  /** What the field of the user name begins with: what was typed before, else the request's `login_hint`. */
  readonly username?: string;
  readonly problem?: LoginProblem;
}

/** The user has signed in. The same request follows by GET, without `max_age`, and with this `prompt`. */
export interface SignedInOutcome {
  readonly kind: 'signed_in';
  /** The new session's value, for the cookie. */
  readonly session: string;
  /** What the request's `prompt` becomes; undefined for none. */
  readonly prompt?: string;
}

/** The user must agree, or refuse. */
export interface ConsentOutcome {
  readonly kind: 'consent';
  readonly client: Client;
  readonly username: string;
  readonly scope: Scope;
  /** Where the answer goes, for a person: a host, or the scheme of an application with its colon. */
  readonly destination: string;
  /** Whether it would count to remember the consent; where not, nothing is saved. */
  readonly maySave: boolean;
}

/** The answer with a code (RFC 6749 §4.1.2). */
export interface CodeOutcome {
  readonly kind: 'code';
  readonly to: ReturnAddress;
  readonly client: Client;
  readonly code: string;
  readonly scope: Scope;
}

/** The answer with an error (RFC 6749 §4.1.2.1). */
export interface ErrorOutcome {
  readonly kind: 'error';
  readonly to: ReturnAddress;
  readonly client: Client;
  /** Its client is the request's, for the log. */
  readonly error: OAuthError;
}

/** The client, or where to answer, is not certain: a page for the user, never a redirection. */
export interface PageErrorOutcome {
  readonly kind: 'page_error';
  /** `invalid_client` or `redirect_uri_mismatch`. */
  readonly error: OAuthError;
}

export type AuthorizationOutcome =
  LoginOutcome | SignedInOutcome | ConsentOutcome | CodeOutcome | ErrorOutcome | PageErrorOutcome;
