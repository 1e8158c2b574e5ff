import type { Page, Place } from '../domain/page.js';
import type { AdminQuery } from './admin-query.js';
import type { CursorKey, Cursors, ListView } from './cursor.js';
import type { Turns } from './turns.js';

export const defaultLimit = 50;
export const maxLimit = 200;

/** The parameters of every list. */
export const pageParameters = ['limit', 'cursor'];

/** A part of a list, and the cursor of the part behind it, if there is one. */
export interface ListPage<Entry> {
  readonly items: readonly Entry[];
  readonly next?: string;
}

/** What was read for a page. */
export interface ListPart<Entry, Key extends CursorKey> {
  readonly items: readonly Entry[];
  /** The key of the last entry that was looked at; undefined at the end of the list. */
  readonly last?: Key;
}

/** Reads lists page by page. */
export class Pager {
  constructor(
    private readonly cursors: Cursors,
    private readonly turns: Turns,
  ) {}

  /**
   * A page of a list that is sorted by time.
   * @param read reads a part of the list
   * @throws Problem 400 for a limit or a cursor that cannot be used
   * @throws StoreUnavailable
   */
  page<Entry extends Place>(
    query: AdminQuery,
    view: ListView,
    read: (page: Page) => Promise<Entry[]>,
  ): Promise<ListPage<Entry>> {
    return this.placed(query, view, async ({ limit, before }) => {
      const entries = await read({ limit: limit + 1, before });
      const items = entries.slice(0, limit);
      return { items, last: entries.length > limit ? items.at(-1) : undefined };
    });
  }

  /**
   * A page of a list that is sorted by time, of which a part may be short.
   * @param read reads a part of the list, and says at which place it ends where others may follow
   * @throws as `page`
   */
  placed<Entry>(
    query: AdminQuery,
    view: ListView,
    read: (page: Page) => Promise<{ readonly items: readonly Entry[]; readonly last?: Place }>,
  ): Promise<ListPage<Entry>> {
    return this.part<Entry, [number, string]>(query, view, async (limit, key) => {
      const { items, last } = await read({ limit, before: key && { at: key[0], id: key[1] } });
      return { items, last: last && [last.at, last.id] };
    });
  }

  /**
   * A page of any list.
   * @param read reads the part of the list behind an entry, or its beginning
   * @throws as `page`
   */
  part<Entry, Key extends CursorKey>(
    query: AdminQuery,
    view: ListView,
    read: (limit: number, after: Key | undefined) => Promise<ListPart<Entry, Key>>,
  ): Promise<ListPage<Entry>> {
    const limit = query.integer('limit', 1, maxLimit, defaultLimit);
    const cursor = query.text('cursor');
    return this.turns.take(async () => {
      const after = cursor === undefined ? undefined : await this.cursors.read<Key>(cursor, view);
      const { items, last } = await read(limit, after);
      return { items, next: last && (await this.cursors.write(last, view)) };
    });
  }
}
