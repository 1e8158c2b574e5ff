/** An entry of `RecentlyUsed`: its neighbours are links of a ring, from the newest entry to the oldest and back. */
export class RecentEntry {
  /** The entry that was used after this one. */
  newer: RecentEntry = this;
  /** The entry that was used before this one. */
  older: RecentEntry = this;

  constructor(readonly key: string) {}
}

/**
 * Entries by their keys, up to a limit: the least recently used one is evicted first. The links stand in the entries
 * themselves, so an entry costs a slot of the map and nothing else.
 */
export class RecentlyUsed<Entry extends RecentEntry> {
  private readonly entries = new Map<string, Entry>();
  /** Stands between the newest entry and the oldest one. */
  private readonly end = new RecentEntry('');

  /** @param limit the most entries, 0 or more */
  constructor(private readonly limit: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** The entry of a key, which is the most recently used one from now on. */
  get(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry && this.end.older !== entry) {
      unlink(entry);
      this.link(entry);
    }
    return entry;
  }

  /** Adds an entry, in place of one with its key. */
  add(entry: Entry): void {
    this.delete(entry.key);
    if (this.limit === 0) return;
    if (this.entries.size >= this.limit) this.delete(this.end.newer.key);
    this.entries.set(entry.key, entry);
    this.link(entry);
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    unlink(entry);
  }

  clear(): void {
    this.entries.clear();
    this.end.newer = this.end;
    this.end.older = this.end;
  }

  private link(entry: Entry): void {
    const { end } = this;
    entry.newer = end;
    entry.older = end.older;
    end.older.newer = entry;
    end.older = entry;
  }
}

function unlink(entry: RecentEntry): void {
  entry.newer.older = entry.older;
  entry.older.newer = entry.newer;
}
