/** What rows are sorted by. */
export type SortValue<Row> = (row: Row) => number | string;

/** The order of a table's rows. */
export interface Order {
  /** Title of the column. */
  readonly by: string;
  readonly descending: boolean;
}

/** The rows in the order of a column's values; texts as the reader's language has them. Equal ones stay as they are. */
export function sorted<Row>(rows: readonly Row[], valueOf: SortValue<Row>, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => sign * compared(valueOf(one), valueOf(other)));
}

/** The order after a column is chosen: a column that is chosen again is turned round; figures begin with the greatest. */
export function chosen(order: Order | undefined, by: string, figures: boolean): Order {
  return { by, descending: order?.by === by ? !order.descending : figures };
}

function compared(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
