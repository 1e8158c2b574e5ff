import type { ComponentChildren } from 'preact';
import type { List } from '../api/list.js';
import { count } from '../text/numbers.js';
import { Refused, Shown } from './state.js';
import { type Column, Table } from './table.js';

interface PagedTableProps<Item> {
  readonly list: List<Item>;
  readonly caption: string;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** What is said when no entry fits the filters. */
  readonly empty: ComponentChildren;
}

/** A list of the server, page by page. */
export function PagedTable<Item>({ list, caption, columns, keyOf, empty }: PagedTableProps<Item>) {
  const { first, items, hasMore, reading, problem, readMore, restart } = list;
  return (
    <Shown of={first} isEmpty={(page) => page.items.length === 0} empty={empty}>
      {(page) => (
        <>
          <Table caption={caption} columns={columns} rows={items} keyOf={keyOf} />
          {problem && <Refused problem={problem} />}
          <p class="paging">
            <span>
              {count(items.length)} shown{hasMore ? '' : ', no more'}
            </span>
            {hasMore && (
              <button type="button" onClick={readMore} aria-busy={reading}>
                Show more
              </button>
            )}
            {items.length > page.items.length && (
              <button type="button" onClick={restart}>
                Back to the start
              </button>
            )}
          </p>
        </>
      )}
    </Shown>
  );
}
