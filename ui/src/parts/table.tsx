import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { chosen, type Order, sorted, type SortValue } from './sorting.js';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** What a cell shows. */
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures stand at the right. */
  readonly figures?: boolean;
  /** Whether it is left out where the window is narrow. */
  readonly wideOnly?: boolean;
  /** Whether it holds sentences, which are broken into lines even where the window is narrow. */
  readonly prose?: boolean;
  /** What the table can be sorted by here; only where all rows are on the page. */
  readonly sortBy?: SortValue<Row>;
}

interface TableProps<Row> {
  /** What it is a table of, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** What tells a row from all others. */
  readonly keyOf: (row: Row) => string;
}

/** A table. A link with `data-row` in a row is where the keys j and k go. */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  const [order, setOrder] = useState<Order>();
  const sortBy = columns.find(({ title }) => title === order?.by)?.sortBy;
  const inOrder = order && sortBy ? sorted(rows, sortBy, order.descending) : rows;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.title} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {inOrder.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly order?: Order;
  readonly onOrder: (order: Order) => void;
}

function Heading<Row>({ column, order, onOrder }: HeadingProps<Row>) {
  const { title, figures = false, sortBy } = column;
  const own = order?.by === title ? order : undefined;
  const direction = own && (own.descending ? 'descending' : 'ascending');
  return (
    <th scope="col" class={classOf(column)} aria-sort={sortBy && (direction ?? 'none')}>
      {sortBy ? (
        <button type="button" class="sort" onClick={() => onOrder(chosen(order, title, figures))}>
          {title}
          <span aria-hidden="true">{own && (own.descending ? ' ↓' : ' ↑')}</span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

function classOf({ figures, wideOnly, prose }: Column<never>): string | undefined {
  const classes = [figures && 'figures', wideOnly && 'wide-only', prose && 'prose'];
  return classes.filter(Boolean).join(' ') || undefined;
}
