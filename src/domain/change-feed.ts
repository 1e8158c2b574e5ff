/** What a write has changed: whoever keeps copies of it must drop them. */
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

/** Tells of changes, whichever process makes them. */
export abstract class ChangeFeed {
  private readonly listeners: ((change: Change) => void)[] = [];

  /**
   * Whether every change is heard here, but for those of the last moments. Copies may be used only while this is
   * so; when it comes to be so again, `everything` has been announced first.
   * @param now the clock's `elapsed`
   */
  abstract isCurrent(now: number): boolean;

  /** Begins to hear of changes. */
  abstract start(): void;

  /** Hears no more of them. */
  abstract stop(): Promise<void>;

  /** Has every change told to a listener from now on. */
  subscribe(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** Tells of a change. Where it was made here, it is to be told before its maker hears of its success. */
  announce(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
