import type { AuthorizationCodeIssuer } from './authorization-code-issuer.js';
import type {
  AuthorizationOutcome,
  ConsentOutcome,
  LoginOutcome,
  SignedInOutcome,
} from './authorization-outcome.js';
import {
  type AuthorizationRequest,
  type CheckedRequest,
  checkRequest,
  promptAfterSignIn,
  type ReturnAddress,
  returnAddressOf,
} from './authorization-request.js';
import type { Client } from './client.js';
import type { Consents } from './consents.js';
import type { Directory } from './directory.js';
import { MalformedRequest, OAuthError, type OAuthErrorCode } from './oauth-error.js';
import type { Realm } from './realm.js';
import { destinationOf } from './redirect-uri.js';
import type { LiveSession } from './session.js';
import type { Sessions } from './sessions.js';
import type { SignIn } from './sign-in.js';
import type { RequestOrigin } from './token-request.js';

/** A form of one of the pages, which the caller has proven to come from that page. */
export type PostedForm =
  | { readonly form: 'login'; readonly username?: string; readonly password?: string }
  /** Any other decision than `allow`, in any letter case, is a refusal; only `on` saves the consent. */
  | { readonly form: 'consent'; readonly decision?: string; readonly saveConsent?: string };

/** What a browser sent to the authorization endpoint. */
export interface AuthorizationAttempt {
  /** The realm that the URL names. */
  readonly realm: Realm;
  readonly request: AuthorizationRequest;
  /** The value of the session's cookie; undefined when none was sent. */
  readonly session?: string;
  /** Undefined where no form was posted. */
  readonly posted?: PostedForm;
  /** Where it came from, for the audit log. */
  readonly origin: RequestOrigin;
}

/**
 * What is told to the client, by redirection (RFC 6749 §4.1.2.1); anything else is for the user alone, as is a request that
 * cannot be read, or read in two ways.
 */
const redirectedErrors: ReadonlySet<OAuthErrorCode> = new Set([
  'unauthorized_client',
  'unsupported_response_type',
  'request_not_supported',
  'request_uri_not_supported',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'consent_required',
  'access_denied',
]);

function isRedirected(error: OAuthError): boolean {
  return redirectedErrors.has(error.code) && !(error instanceof MalformedRequest);
}

/** The authorization endpoint (RFC 6749 §3.1) for the response type `code`. */
export class AuthorizationEndpoint {
  constructor(
    private readonly directory: Directory,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly consents: Consents,
    private readonly codes: AuthorizationCodeIssuer,
  ) {}

  /**
   * Decides what a browser gets next.
   * @throws StoreUnavailable when a store cannot answer; the request can be sent again
   * @throws OAuthError of any other code than a redirected one, as when sign-ins are throttled: it is for a page
   */
  async answer(attempt: AuthorizationAttempt): Promise<AuthorizationOutcome> {
    const { realm, request } = attempt;
    const { clientId } = request;
    const client = clientId === undefined ? undefined : await this.directory.findClient(realm.path, clientId);
    if (!client?.enabled || !realm.enabled) return { kind: 'page_error', error: unknownClient() };
    const to = returnAddressOf(client, request);
    if (!to) return { kind: 'page_error', error: redirectUriMismatch(client) };
    try {
      return await this.proceed({ ...attempt, client, to, checked: checkRequest(client, request) });
    } catch (error) {
      if (!(error instanceof OAuthError) || !isRedirected(error)) throw error;
      error.client = client;
      return { kind: 'error', to, client, error };
    }
  }

  /** @throws OAuthError for the return address */
  private async proceed(step: Step): Promise<AuthorizationOutcome> {
    const { posted, checked, client } = step;
    const silent = checked.prompts.includes('none');
    if (posted?.form === 'login' && !silent) return this.signInBy(step, posted);
    const live = await this.sessionFor(step);
    if (!live) {
      if (silent) throw new OAuthError('login_required', 'The user must sign in.');
      return { kind: 'login', client, username: step.request.loginHint };
    }
    if (posted?.form === 'consent' && !silent) {
      await this.consents.decide({ ...step, live, posted });
    } else if (await this.consents.mustAsk({ ...step, live })) {
      if (silent) throw new OAuthError('consent_required', 'The user must agree.');
      return this.consentPage(step, live);
    }
    const { scope } = checked;
    const code = await this.codes.issue({ ...step, live });
    return { kind: 'code', to: step.to, client, code, scope };
  }

  private async signInBy(
    { realm, client, session, origin, checked }: Step,
    { username, password }: PostedForm & { form: 'login' },
  ): Promise<LoginOutcome | SignedInOutcome> {
    if (username === undefined || password === undefined) {
      return { kind: 'login', client, username, problem: 'incomplete' };
    }
    const value = await this.signIn.begin({ realm, username, password, replaced: session, origin });
    if (value === undefined) return { kind: 'login', client, username, problem: 'wrong_credentials' };
    return { kind: 'signed_in', session: value, prompt: promptAfterSignIn(checked) };
  }

  /** The live session of the realm, unless the request wants a newer one. */
  private async sessionFor({ realm, session, checked }: Step): Promise<LiveSession | undefined> {
    const { prompts, maxAge } = checked;
    if (prompts.includes('login') || prompts.includes('select_account')) return undefined;
    const live = session === undefined ? undefined : await this.sessions.find(session);
    if (live?.session.realm !== realm.path) return undefined;
    return this.sessions.isOlderThan(live, maxAge) ? undefined : live;
  }

  private consentPage({ client, checked: { scope }, to }: Step, live: LiveSession): ConsentOutcome {
    const { username } = live.resourceOwner;
    const destination = destinationOf(to.redirectUri);
    const maySave = this.consents.maySave(client, to);
    return { kind: 'consent', client, username, scope, destination, maySave };
  }
}

/** An attempt of which the client and the return address are certain, and nothing is wrong with the request. */
interface Step extends AuthorizationAttempt {
  readonly client: Client;
  readonly to: ReturnAddress;
  readonly checked: CheckedRequest;
}

/** One text for a client that is not named, unknown or disabled. */
function unknownClient(): OAuthError {
  return new OAuthError('invalid_client', 'The client is unknown.');
}

function redirectUriMismatch(client: Client): OAuthError {
  const error = new OAuthError('redirect_uri_mismatch', 'The redirect URI is not registered for the client.');
  error.client = client;
  return error;
}
