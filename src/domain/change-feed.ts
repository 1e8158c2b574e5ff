import type { NewAuditEvent } from './audit.js';

/** What a write has changed. Every node must drop its cached copies of it. */
export type Change =
  /** Access tokens that were revoked, by their hashes. */
  | { readonly accessTokens: readonly Buffer[] }
  /** A realm, and with it its clients and resource owners. */
  | { readonly realm: string }
  | { readonly client: SubjectName }
  | { readonly resourceOwner: SubjectName }
  /** Tokens that were not stored before: a node may have cached that one of them is missing. */
  | 'addedTokens'
  /** Anything at all. */
  | 'everything';

export interface SubjectName {
  /** Path of its realm. */
  readonly realm: string;
  readonly name: string;
}

/** Sends every change to every node, whichever node made it. */
export abstract class ChangeFeed {
  private readonly listeners: ((change: Change) => void)[] = [];

  /**
   * Whether this node has received every change, except perhaps the most recent ones. Cached copies may be
   * used only while it has. After a lost connection, `everything` is announced before this is true again.
   * @param now the clock's `elapsed`
   */
  abstract isCurrent(now: number): boolean;

  /** Starts to receive changes. */
  abstract start(): void;

  /** Stops receiving changes. */
  abstract stop(): Promise<void>;

  /**
   * Sends a change that was made here to every node, this one included. A store calls it after the change is
   * durable and before it reports success. A store that can notify the other nodes in the change's own
   * transaction does that instead, and then calls `announce`.
   * @param event the audit event of the change. It is recorded if, and only if, the other nodes are notified; the same
   *   event again is recorded once
   * @throws StoreUnavailable when the other nodes cannot be notified; this node has been
   */
  abstract publish(change: Change, event?: NewAuditEvent): Promise<void>;

  /** Calls a listener for every change from now on. */
  subscribe(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** Calls the listeners of this node only. */
  announce(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
