import type { Page, Place } from '../domain/page.js';
import type { AdminQuery } from './admin-query.js';
import type { Cursors, ListView } from './cursor.js';
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

/** Reads lists page by page. */
export class Pager {
  constructor(
    private readonly cursors: Cursors,
    private readonly turns: Turns,
  ) {}

  /**
   * @param read reads a part of the list
   * @throws Problem 400 for a limit or a cursor that cannot be used
   * @throws StoreUnavailable
   */
  page<Entry extends Place>(
    query: AdminQuery,
    view: ListView,
    read: (page: Page) => Promise<Entry[]>,
  ): Promise<ListPage<Entry>> {
    const limit = query.integer('limit', 1, maxLimit, defaultLimit);
    const cursor = query.text('cursor');
    return this.turns.take(async () => {
      const before = cursor === undefined ? undefined : await this.cursors.read(cursor, view);
      const entries = await read({ limit: limit + 1, before });
      const items = entries.slice(0, limit);
      const last = entries.length > limit ? items.at(-1) : undefined;
      return { items, next: last && (await this.cursors.write(last, view)) };
    });
  }
}
