import { additionalInformation } from './additional-information.js';
import type { Pairs } from './attributes.js';
import type { Client } from './client.js';
import { OAuthError } from './oauth-error.js';
import { isCodeChallenge } from './pkce.js';
import { isRegisteredRedirectUri } from './redirect-uri.js';
import { grantScope, type Scope, splitAtSpaces } from './scope.js';

/** An authorization request (RFC 6749 §4.1.1). Parameters that were not sent, or sent empty, are undefined. */
export interface AuthorizationRequest {
  readonly responseType?: string;
  readonly clientId?: string;
  readonly redirectUri?: string;
  readonly scope?: string;
  readonly state?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: string;
  readonly responseMode?: string;
  readonly prompt?: string;
  readonly maxAge?: string;
  readonly loginHint?: string;
  /** RFC 9101's two parameters, which are refused. */
  readonly request?: string;
  readonly requestUri?: string;
  /** Any other parameter by its name. */
  readonly parameter: (name: string) => string | undefined;
}

export const responseModes = ['query', 'fragment', 'form_post'] as const;

/** How the parameters of an answer travel: in the redirect URI's query or fragment, or in a form that is posted. */
export type ResponseMode = (typeof responseModes)[number];

/** Where, and how, a request is answered by redirection (RFC 6749 §4.1.2). */
export interface ReturnAddress {
  /** A registered one, as the request sent it. */
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  /** Sent back as it came. */
  readonly state?: string;
}

const prompts = ['none', 'login', 'consent', 'select_account'] as const;

/** What a request wants to be asked of the user (OpenID Connect Core §3.1.2.1). */
export type Prompt = (typeof prompts)[number];

/** A request in which nothing is wrong. */
export interface CheckedRequest {
  readonly scope: Scope;
  /** Undefined where the request has none, and its client need not have one. */
  readonly codeChallenge?: string;
  readonly prompts: readonly Prompt[];
  /** The longest time since the sign-in, in whole seconds; undefined for any. */
  readonly maxAge?: number;
  readonly additionalInformation?: Pairs;
}

/**
 * Where a request of a client is answered: the redirect URI that it names, or the one that alone is registered.
 * @returns undefined when it must not be answered by redirection
 */
export function returnAddressOf(client: Client, request: AuthorizationRequest): ReturnAddress | undefined {
  const { redirectUris } = client;
  const only = redirectUris.length === 1 ? redirectUris[0] : undefined;
  const redirectUri = request.redirectUri ?? only;
  if (redirectUri === undefined || !isRegisteredRedirectUri(redirectUris, redirectUri)) return undefined;
  const { state } = request;
  return { redirectUri, responseMode: known(responseModes, request.responseMode) ?? 'query', state };
}

/**
 * Checks the rest of a request, in the order in which its mistakes are reported.
 * @throws OAuthError `unauthorized_client`, `unsupported_response_type`, `request_not_supported`,
 *   `request_uri_not_supported`, `invalid_request` or `invalid_scope`; it goes to the return address
 */
export function checkRequest(client: Client, request: AuthorizationRequest): CheckedRequest {
  if (!client.grantTypes.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', 'The client may not use this grant type.');
  }
  const { responseType } = request;
  if (responseType !== undefined && responseType !== 'code') {
    throw new OAuthError('unsupported_response_type', 'The response type is not supported.');
  }
  if (request.request !== undefined) {
    throw new OAuthError('request_not_supported', 'The parameter request is not supported.');
  }
  if (request.requestUri !== undefined) {
    throw new OAuthError('request_uri_not_supported', 'The parameter request_uri is not supported.');
  }
  if (responseType === undefined) throw invalid('The parameter response_type is missing.');
  if (request.responseMode !== undefined && known(responseModes, request.responseMode) === undefined) {
    throw invalid('The parameter response_mode is none of query, fragment, form_post.');
  }
  return {
    codeChallenge: codeChallengeOf(client, request),
    prompts: promptsOf(request.prompt),
    maxAge: maxAgeOf(request.maxAge),
    additionalInformation: additionalInformation(client, request),
    scope: grantScope(request.scope, client),
  };
}

/** The prompts of a request that is repeated after the sign-in which they asked for; undefined for none. */
export function promptAfterSignIn({ prompts: asked }: CheckedRequest): string | undefined {
  const left = asked.filter((prompt) => prompt === 'consent');
  return left.length > 0 ? left.join(' ') : undefined;
}

/** RFC 7636 §4.3, S256 alone: `plain` shows the verifier to whoever sees the request (RFC 9700 §2.1.1). */
function codeChallengeOf(client: Client, request: AuthorizationRequest): string | undefined {
  const { codeChallenge, codeChallengeMethod } = request;
  if (codeChallenge === undefined) {
    if (codeChallengeMethod !== undefined) throw invalid('The parameter code_challenge is missing.');
    if (client.pkce === 'optional' && client.type === 'confidential') return undefined;
    throw invalid('The client must send a code_challenge.');
  }
  if (codeChallengeMethod !== 'S256') throw invalid('The parameter code_challenge_method must be S256.');
  if (!isCodeChallenge(codeChallenge)) {
    throw invalid('The parameter code_challenge must be 43 characters of base64url.');
  }
  return codeChallenge;
}

function promptsOf(text = ''): readonly Prompt[] {
  const asked = splitAtSpaces(text).map((word) => {
    const prompt = known(prompts, word);
    if (!prompt) throw invalid('The parameter prompt has an unknown value.');
    return prompt;
  });
  if (asked.includes('none') && asked.length > 1) {
    throw invalid('The value none of the parameter prompt goes with no other.');
  }
  return asked;
}

function maxAgeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw invalid('The parameter max_age must be a whole number of seconds.');
  return Number(text);
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}

function known<Value extends string>(values: readonly Value[], text: string | undefined): Value | undefined {
  return values.find((value) => value === text);
}
