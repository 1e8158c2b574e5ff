/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Whether its texts are numbers, which stand at the right. */
  readonly number?: boolean;
}

/** A text of a table, which a colour may mark on a terminal. */
export type Cell = string | { readonly text: string; readonly colour: 'red' | 'yellow' | 'green' };

const codes = { red: 31, yellow: 33, green: 32 };

/**
 * Lines of a table, whose columns are as wide as their texts.
 * @param rows a printable text for each column
 * @param coloured whether the table goes to a terminal that shows colours
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  coloured: boolean,
): string[] {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, width(textOf(row[index]))), width(title)),
  );
  const line = (cells: readonly Cell[]) => {
    const padded = cells.map((cell, index) => {
      const text = textOf(cell);
      const space = ' '.repeat(widths[index] - width(text));
      const aligned = columns[index].number ? space + text : text + space;
      return coloured && typeof cell !== 'string' ? styled(aligned, codes[cell.colour]) : aligned;
    });
    return padded.join('  ').trimEnd();
  };
  const titles = line(columns.map(({ title }) => title));
  return [coloured ? styled(titles, 1) : titles, ...rows.map(line)];
}

/** By ANSI's "select graphic rendition" (ECMA-48 §8.3.117). */
export function styled(text: string, code: number): string {
  return `\x1b[${code}m${text}\x1b[0m`;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** In characters, of which most terminals show one in each place. */
function width(text: string): number {
  return [...text].length;
}
