import type { Attributes, Pairs } from './attributes.js';
import type { GrantType } from './grant-type.js';
import type { Scope } from './scope.js';

/** What becomes of refresh tokens when one is used. */
export interface RefreshPolicy {
  /**
   * `new`: it is used up and another takes its place (RFC 9700 §4.14.2); `none`: it is used up; `preserve`: it stays
   * good. Axway's *NewRefresh*, *NoRefresh* and *PreserveRefresh*.
   */
  readonly successor: 'new' | 'none' | 'preserve';
  /** Whether a retry within the leeway is forgiven, since the answer may have been lost. */
  readonly graceful: boolean;
}

/** Whose tokens a client may introspect: its own, its realm's, or everybody's. */
export type IntrospectionRight = 'own' | 'realm' | 'all';

/** A registered client (RFC 6749 §2). Its identifier is unique within its realm. */
export interface Client {
  /** Path of the realm that it is registered in. */
  readonly realm: string;
  readonly clientId: string;
  /** `confidential` clients have a secret; `public` ones can keep none (RFC 6749 §2.1). */
  readonly type: 'confidential' | 'public';
  /** As `secret.ts` describes; none for a public client. */
  readonly secretHash?: string;
  readonly grantTypes: readonly GrantType[];
  /** The scope tokens that it may ask for. */
  readonly scopes: Scope;
  /** What it is granted when it asks for none; a part of `scopes`. */
  readonly defaultScopes: Scope;
  /** Whole seconds, 2 or more. */
  readonly accessTokenLifetime: number;
  /** How long a refresh token lives unused, in whole seconds, 2 or more. */
  readonly refreshTokenLifetime: number;
  /** How long refresh tokens can follow one another, in whole seconds, 2 or more. */
  readonly refreshTokenMaxLifetime: number;
  readonly refresh: RefreshPolicy;
  readonly introspect: IntrospectionRight;
  /** What each of its tokens is issued with as additional information. */
  readonly additionalInformation: Pairs;
  /** Names of request parameters that are taken over into a token's additional information. */
  readonly copiedParameters: readonly string[];
  readonly attributes: Attributes;
  /** A name for people, as RFC 7591's `client_name`. */
  readonly name?: string;
  readonly description?: string;
  readonly contactEmail?: string;
  /** The application that the client belongs to, as Axway's registry has it. */
  readonly application?: string;
  readonly enabled: boolean;
  /** Changes whenever every token issued to this client so far must end. */
  readonly epoch: number;
}

/** Whether a client may see what another's token is worth (RFC 7662 §4). Its own it may always see. */
export function mayIntrospect(
  caller: Client,
  token: { readonly realm: string; readonly clientId: string },
): boolean {
  if (caller.introspect === 'all') return true;
  if (token.realm !== caller.realm) return false;
  return caller.introspect === 'realm' || token.clientId === caller.clientId;
}
