import { OAuthError } from './oauth-error.js';

/** Scope tokens in the order they were asked for, each once (RFC 6749 §3.3). */
export type Scope = readonly string[];

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Whether a text is one scope token: `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3). */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/**
 * Reads a scope parameter: tokens separated by one space, case-sensitive, duplicates collapsed.
 * @throws OAuthError `invalid_scope` for anything outside the grammar
 */
export function parseScope(text: string): Scope {
  const tokens = text.split(' ');
  if (!tokens.every(isScopeToken)) {
    throw new OAuthError('invalid_scope', 'The scope is malformed.');
  }
  return [...new Set(tokens)];
}

/** The scope parameter that stands for these tokens. */
export function formatScope(scope: Scope): string {
  return scope.join(' ');
}

/**
 * Decides what is granted to a client that asks for `requested`, or for nothing: its default scopes.
 * @throws OAuthError `invalid_scope` when a token is not registered for the client, or nothing is left to grant
 */
export function grantScope(
  requested: string | undefined,
  client: { readonly scopes: Scope; readonly defaultScopes: Scope },
): Scope {
  if (requested === undefined) {
    if (client.defaultScopes.length === 0) {
      throw new OAuthError('invalid_scope', 'No scope was requested and the client has no default scope.');
    }
    return client.defaultScopes;
  }
  const scope = parseScope(requested);
  if (!scope.every((token) => client.scopes.includes(token))) {
    throw new OAuthError('invalid_scope', 'A requested scope is not registered for the client.');
  }
  return scope;
}
