import type {
  AuthorizationOutcome,
  ConsentOutcome,
  LoginOutcome,
  LoginProblem,
} from '../../domain/authorization-outcome.js';
import type { ReturnAddress } from '../../domain/authorization-request.js';
import type { Client } from '../../domain/client.js';
import type { Realm } from '../../domain/realm.js';
import { formatScope } from '../../domain/scope.js';
import type { AnswerDetails } from '../../observability/request-observer.js';
import { consentPage } from '../pages/consent.page.js';
import { formPostPage } from '../pages/form-post.page.js';
import { loginPage } from '../pages/login.page.js';
import type { Frame } from '../pages/page.js';
import { detailsOf } from '../response/refusal.js';
import { type Reply, redirection } from '../response/reply.js';
import { afterSignIn, forOtherUser } from './authorization-form.js';
import { errorPage } from './error-page.js';

/** What an answer is made of besides the outcome. */
export interface AnswerContext {
  readonly frame: Frame;
  readonly realm: Realm;
  /** The identifier of the realm's issuer. */
  readonly issuer: string;
  /** Names and order of the members of an answer with a code. */
  readonly codeMembers: readonly CodeMember[];
  /** The request, as a URL's query. */
  readonly query: string;
  readonly csrf: { readonly login: string; readonly consent: string };
  /** `Set-Cookie` of the value that the login form is bound to; undefined where the browser has one. */
  readonly loginCookie?: string;
  /** `Set-Cookie` of a new session. */
  readonly sessionCookie: (value: string) => string;
  readonly reference?: string;
}

/** Members of an answer with a code (RFC 6749 §4.1.2, RFC 9207). */
export type CodeMember = 'code' | 'scope' | 'iss' | 'state' | 'client_id';

/** AM's order; clients that are scripts cut out the first. */
export const forgeRockMembers: readonly CodeMember[] = ['code', 'scope', 'iss', 'state', 'client_id'];

export const axwayMembers: readonly CodeMember[] = ['code', 'state', 'iss'];

/** The answer of the authorization endpoint. */
export function authorizationReply(outcome: AuthorizationOutcome, context: AnswerContext): Reply {
  const { realm, issuer: iss, query, codeMembers } = context;
  switch (outcome.kind) {
    case 'login':
      return loginReply(outcome, context);
    case 'signed_in':
      return redirection(303, afterSignIn(query, outcome.prompt), {
        cookies: [context.sessionCookie(outcome.session)],
        details: { realm: realm.path },
      });
    case 'consent':
      return consentReply(outcome, context);
    case 'code': {
      const { code, to, client, scope } = outcome;
      const { state } = to;
      const values = { code, scope: formatScope(scope), iss, state, client_id: client.clientId };
      const members = codeMembers.map((name) => [name, values[name]] as const);
      return returned(to, members, context.frame, aboutClient(realm, client));
    }
    case 'error': {
      const { to, error } = outcome;
      const { code, description } = error;
      const members = Object.entries({ error: code, error_description: description, state: to.state, iss });
      return returned(to, members, context.frame, detailsOf(error, realm.path));
    }
    case 'page_error':
      return errorPage(context.frame, outcome.error, { realm: realm.path, reference: context.reference });
  }
}

const loginProblems = {
  wrong_credentials: { status: 403, details: { error: 'access_denied', detail: 'wrong credentials' } },
  incomplete: { status: 400, details: { error: 'invalid_request', detail: 'an incomplete login form' } },
} as const satisfies Record<LoginProblem, unknown>;

function loginReply({ client, username, problem }: LoginOutcome, context: AnswerContext): Reply {
  const { frame, realm, query, csrf, loginCookie } = context;
  const failure = problem && loginProblems[problem];
  return loginPage(frame, {
    status: failure?.status,
    action: query,
    csrf: csrf.login,
    client: client.name ?? client.clientId,
    username,
    wrong: problem !== undefined,
    cookies: loginCookie === undefined ? [] : [loginCookie],
    details: { ...aboutClient(realm, client), ...failure?.details },
  });
}

function consentReply(outcome: ConsentOutcome, { frame, realm, query, csrf }: AnswerContext): Reply {
  const { client, username, scope, destination, maySave } = outcome;
  const { lang } = frame.messages;
  const textOf = (token: string) => {
    const texts = realm.pages.scopes.get(token);
    return texts?.[lang] ?? texts?.en ?? token;
  };
  return consentPage(frame, {
    action: query,
    csrf: csrf.consent,
    client: client.name ?? client.clientId,
    description: client.description,
    scopes: scope.map(textOf),
    destination: shown(destination, frame),
    username,
    otherUser: forOtherUser(query),
    canRemember: maySave,
    details: aboutClient(realm, client),
  });
}

/** The hosts of programs on the user's own machine. */
const loopback = /^(?:127\.0\.0\.1|\[::1\]|localhost)(?::|$)/;

function shown(destination: string, { messages: { consent } }: Frame): string {
  return loopback.test(destination) ? consent.thisDevice(destination) : destination.replace(/:$/, '');
}

function aboutClient(realm: Realm, { clientId, application }: Client): AnswerDetails {
  return { realm: realm.path, clientId, application };
}

/** The answer that goes to the client by the browser, as its request wanted it (RFC 6749 §4.1.2). */
function returned(
  { redirectUri, responseMode }: ReturnAddress,
  members: readonly (readonly [name: string, value: string | undefined])[],
  frame: Frame,
  details: AnswerDetails,
): Reply {
  const sent = members.filter((member): member is readonly [string, string] => member[1] !== undefined);
  if (responseMode === 'form_post') return formPostPage(frame, { redirectUri, parameters: sent, details });
  const text = sent.map((member) => member.map(encodeURIComponent).join('=')).join('&');
  const mark = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  const joined = /[?&]$/.test(redirectUri) && mark === '&' ? redirectUri + text : redirectUri + mark + text;
  return redirection(302, joined, { details });
}
