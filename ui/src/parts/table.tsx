import type { ComponentChildren } from 'preact';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** What a cell shows. */
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures stand at the right. */
  readonly figures?: boolean;
  /** Whether it is left out where the window is narrow. */
  readonly wideOnly?: boolean;
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
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
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

function classOf({ figures, wideOnly }: Column<never>): string | undefined {
  return [figures && 'figures', wideOnly && 'wide-only'].filter(Boolean).join(' ') || undefined;
}
