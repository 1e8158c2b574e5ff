import type { NewAuditEvent } from './audit.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** A resource owner's sign-in at one realm by one browser. */
export interface Session {
  /** SHA-256 of the session's value: 32 bytes. */
  readonly hash: Buffer;
  /** Path of the realm; a session counts nowhere else. */
  readonly realm: string;
  readonly username: string;
  /** Read before the password was checked. The session lives only while both are unchanged. */
  readonly epochs: { readonly realm: number; readonly resourceOwner: number };
  /** When the password was checked, in milliseconds since 1970. */
  readonly authenticatedAt: number;
  /** Milliseconds since 1970: a whole second. */
  readonly expiresAt: number;
}

/** A session that has not ended, with its subjects as they are now. */
export interface LiveSession {
  readonly session: Session;
  readonly realm: Realm;
  readonly resourceOwner: ResourceOwner;
}

/** Stores sessions. None is cached. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class SessionStore {
  /**
   * Stores a session, removes the one that it replaces, and records the event: all or nothing.
   * @param replaced the hash of the browser's session before; there may be none under it
   */
  abstract begin(session: Session, replaced: Buffer | undefined, event: NewAuditEvent): Promise<void>;

  /** The session under this hash, expired or not; undefined when there is none. */
  abstract find(hash: Buffer): Promise<Session | undefined>;

  /** Removes the session under this hash and records the event; does neither when there is no such session. */
  abstract end(hash: Buffer, event: NewAuditEvent): Promise<void>;
}
