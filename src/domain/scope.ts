import { OAuthError } from './oauth-error.js';

/** Scope tokens in the order in which they were requested, each once (RFC 6749 §3.3). */
export type Scope = readonly string[];

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Whether a text is one scope token: `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3). */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/** The parts of a text between spaces (%x20). Leading, trailing and double spaces mean nothing. */
export function splitAtSpaces(text: string): string[] {
  return text.split(' ').filter((part) => part !== '');
}

/**
 * Reads a scope parameter: tokens separated by spaces, case-sensitive, duplicates collapsed. It is empty where spaces
 * alone were sent, which ask for nothing.
 * @throws OAuthError `invalid_scope` for any other character outside the grammar
 */
export function parseScope(text: string): Scope {
  const tokens = splitAtSpaces(text);
  if (!tokens.every(isScopeToken)) {
    throw new OAuthError('invalid_scope', 'The scope is malformed.');
  }
  return [...new Set(tokens)];
}

/** The scope parameter for these scope tokens. */
export function formatScope(scope: Scope): string {
  return scope.join(' ');
}

/** The scope that `formatScope` wrote, as stores keep it. */
export function scopeOf(text: string): Scope {
  return splitAtSpaces(text);
}

/**
 * The scope to grant to a client: the requested one, or its default scopes if it requests none.
 * @throws OAuthError `invalid_scope` when the request is malformed or has a scope token that is not
 *   registered for the client, or when there is neither a requested scope nor a default one
 */
export function grantScope(
  requested: string | undefined,
  client: { readonly scopes: Scope; readonly defaultScopes: Scope },
): Scope {
  const scope = parseScope(requested ?? '');
  if (scope.length === 0) {
    if (client.defaultScopes.length === 0) {
      throw new OAuthError('invalid_scope', 'No scope was requested and the client has no default scope.');
    }
    return client.defaultScopes;
  }
  if (!scope.every((token) => client.scopes.includes(token))) {
    throw new OAuthError('invalid_scope', 'A requested scope is not registered for the client.');
  }
  return scope;
}
