/** The place of an entry in a list that is sorted by time: the time and the identifier of the entry. */
export interface Place {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
}

/** Which part of a list is wanted, newest first. */
export interface Page {
  /** How many entries at most. */
  readonly limit: number;
  /** Entries older than the one at this place; the newest ones when left out. */
  readonly before?: Place;
}

/**
 * Which realms a reader may see: that at this path, and those below it. The root realm stands for all, and for what
 * belongs to no realm.
 */
export function isWithin(realm: string, top: string): boolean {
  return top === '/' || realm === top || realm.startsWith(`${top}/`);
}
