import type { Attributes, Pairs } from './attributes.js';
import type { ConsentRule } from './consent.js';
import type { GrantType } from './grant-type.js';
import type { PkceRule } from './pkce.js';
import type { Scope } from './scope.js';
import { isGeneratedSecretHash } from './secret.js';

/** What happens to a refresh token when it is used. */
export interface RefreshPolicy {
  /**
   * `new`: it is used up and replaced by a new one (RFC 9700 §4.14.2); `none`: it is used up and not
   * replaced; `preserve`: it stays valid until its lifetime ends, which its use does not extend. Axway's *NewRefresh*,
   * *NoRefresh* and *PreserveRefresh*.
   */
  readonly successor: 'new' | 'none' | 'preserve';
  /**
   * Whether a retry within the leeway and the token's lifetime is accepted, because the first answer may have been
   * lost. A preserved token is never used up, so it needs no retry.
   */
  readonly graceful: boolean;
}

/** Which tokens a client may introspect: its own, those of its realm, or all. */
export type IntrospectionRight = 'own' | 'realm' | 'all';

/**
 * What a client's tokens may do at the operator's listener, in its realm and those below, if they also have the scope
 * for it: nothing, look (`read`), or look and change (`write`).
 */
export type AdministrationRight = 'none' | 'read' | 'write';

/** The longest lifetime that a client may be registered with, in seconds: a year. */
export const maxLifetime = 365 * 24 * 3600;

/** The secret that a client had before its current one. */
export interface PreviousSecret {
  /** In any of the forms of `Client.secretHash`. */
  readonly hash: string;
  /** The first moment at which it is no longer accepted, in milliseconds since 1970. */
  readonly until: number;
}

/** A registered client (RFC 6749 §2). Its identifier is unique within its realm. */
export interface Client {
  /** Path of the realm that it is registered in. */
  readonly realm: string;
  readonly clientId: string;
  /** `confidential` clients have a secret; `public` ones cannot keep one (RFC 6749 §2.1). */
  readonly type: 'confidential' | 'public';
  /** Of a generated secret (`hashGeneratedSecret`), or in a form that `PasswordForms` reads; undefined for a public client. */
  readonly secretHash?: string;
  /** The record of the imported hash that `secretHash` has replaced, if it has replaced one (`imported-hash.ts`). */
  readonly importedHash?: string;
  /** Kept by a rotation (`ClientSecrets`), after which `secretHash` is that of a generated secret. */
  readonly previousSecret?: PreviousSecret;
  readonly grantTypes: readonly GrantType[];
  /** Where an authorization code may be sent (RFC 6749 §3.1.2); at least one where it may use codes. */
  readonly redirectUris: readonly string[];
  /** Whether a redirect URI may be `http` on another machine. */
  readonly insecureRedirectUris: boolean;
  /** Whether its authorization requests need a challenge; those of a public client always do. */
  readonly pkce: PkceRule;
  /** Whether its users are asked for their consent. */
  readonly consent: ConsentRule;
  /** Origins (RFC 6454 §6.2) of its pages in a browser, which may read answers from there. */
  readonly origins: readonly string[];
  /** The scope tokens that it may request. */
  readonly scopes: Scope;
  /** The scope that is granted when it requests none; a subset of `scopes`. */
  readonly defaultScopes: Scope;
  /** Whole seconds, 2 or more. */
  readonly accessTokenLifetime: number;
  /** Lifetime of a refresh token from its issue, used or not, in whole seconds, 2 or more. */
  readonly refreshTokenLifetime: number;
  /** Lifetime of a family of refresh tokens, whatever the rotations, in whole seconds, 2 or more. */
  readonly refreshTokenMaxLifetime: number;
  readonly refresh: RefreshPolicy;
  readonly introspect: IntrospectionRight;
  readonly administer: AdministrationRight;
  /** Whether it may send the same credentials in the header and in the form; RFC 6749 §2.3 has one method a request. */
  readonly lenientAuthentication: boolean;
  /** The additional information that each of its tokens is issued with. */
  readonly additionalInformation: Pairs;
  /** Names of request parameters that are copied into a token's additional information. */
  readonly copiedParameters: readonly string[];
  readonly attributes: Attributes;
  /** The display name, RFC 7591's `client_name`. */
  readonly name?: string;
  readonly description?: string;
  readonly contactEmail?: string;
  /** The application that the client belongs to, as in Axway's registry. */
  readonly application?: string;
  readonly enabled: boolean;
  /** Changes when all tokens issued to this client so far must become inactive. */
  readonly epoch: number;
}

/**
 * The hashes of the secrets that a client may authenticate with, the current one first. At most one of them is slow to check.
 * @param now milliseconds since 1970
 */
export function acceptedSecrets({ secretHash, previousSecret }: Client, now: number): readonly string[] {
  if (secretHash === undefined) return [];
  // Whatever is not generated was not set by a rotation: a node of an older version has replaced the secret, and both end.
  const rotated = previousSecret && isGeneratedSecretHash(secretHash);
  return rotated && now < previousSecret.until ? [secretHash, previousSecret.hash] : [secretHash];
}

/** Whether a client may introspect a token (RFC 7662 §4). It may always introspect its own. */
export function mayIntrospect(
  caller: Client,
  token: { readonly realm: string; readonly clientId: string },
): boolean {
  if (caller.introspect === 'all') return true;
  if (token.realm !== caller.realm) return false;
  return caller.introspect === 'realm' || token.clientId === caller.clientId;
}
