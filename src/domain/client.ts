import type { Attributes } from './attributes.js';
import type { GrantType } from './grants/grant.js';
import type { Scope } from './scope.js';

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
