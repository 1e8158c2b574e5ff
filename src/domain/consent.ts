import type { NewAuditEvent } from './audit.js';
import type { Client } from './client.js';
import { isHttps } from './redirect-uri.js';
import type { Scope } from './scope.js';

/** Whether a client asks its users for their consent, or is registered as having it. */
export type ConsentRule = 'ask' | 'implied';

/** Whose consent, and for which client. */
export interface ConsentSubject {
  /** Path of the realm of both. */
  readonly realm: string;
  readonly username: string;
  readonly clientId: string;
}

/** What a resource owner has agreed to. */
export interface Consent extends ConsentSubject {
  readonly scope: Scope;
  /** Milliseconds since 1970. */
  readonly grantedAt: number;
}

/**
 * Stores what resource owners have agreed to, and want to be remembered. What is stored goes with its resource owner or
 * client: one of the same name that is made again has none. Every method throws StoreUnavailable when it cannot do its
 * work.
 */
export abstract class ConsentStore {
  /** Every scope token that was agreed to; empty when there is nothing. */
  abstract find(subject: ConsentSubject): Promise<Scope>;

  /**
   * Adds to what was agreed to, and records the event: both or neither. Neither is done when the resource owner or the
   * client has gone meanwhile.
   */
  abstract remember(consent: Consent, event: NewAuditEvent): Promise<void>;
}

/**
 * Whether a client may get a code without asking: another application of the user's device could pretend to be a public
 * client with a redirect URI that is not `https` (RFC 8252 §8.6).
 */
export function mayGoUnasked(client: Pick<Client, 'type'>, redirectUri: string): boolean {
  return client.type === 'confidential' || isHttps(redirectUri);
}

/** Whether every scope token asked for has been agreed to. */
export function covers(agreed: Scope, asked: Scope): boolean {
  return asked.every((token) => agreed.includes(token));
}
