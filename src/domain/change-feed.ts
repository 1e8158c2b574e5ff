/** What a write has changed. Every cached copy of it must be dropped. */
export type Change =
  /** Access tokens that were revoked, by their hashes. */
  | { readonly accessTokens: readonly Buffer[] }
  /** A realm, and with it its clients and resource owners. */
  | { readonly realm: string }
  | { readonly client: SubjectName }
  | { readonly resourceOwner: SubjectName }
  /** Anything at all. */
  | 'everything';

export interface SubjectName {
  /** Path of its realm. */
  readonly realm: string;
  readonly name: string;
}

/** Tells every node of a change, whichever node has made it. */
export abstract class ChangeFeed {
  private readonly listeners: ((change: Change) => void)[] = [];

  /**
   * Whether this node receives every change, except those of the last moments. Cached copies may be used only while
   * it does; when it does so again after a loss, `everything` has been announced first.
   * @param now the clock's `elapsed`
   */
  abstract isCurrent(now: number): boolean;

  /** Begins to receive changes. */
  abstract start(): void;

  /** Ends receiving them. */
  abstract stop(): Promise<void>;

  /**
   * Tells every node of a change that was made here, this one included. A store calls it after the change is durable
   * and before its caller hears of the success. A store that can notify in the change's own transaction does that
   * instead, and then calls `announce`.
   * @throws StoreUnavailable when the other nodes cannot be told; this node has been
   */
  abstract publish(change: Change): Promise<void>;

  /** Calls a listener for every change from now on. */
  subscribe(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** Tells the listeners of this node alone. */
  announce(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
