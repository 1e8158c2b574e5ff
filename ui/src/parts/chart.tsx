import { useState } from 'preact/hooks';
import { figure, noValue } from '../text/numbers.js';
import { Plot, type PlotProps } from './plot.js';
import { type Column, Table } from './table.js';
import { Time } from './time.js';

type ChartProps = Omit<PlotProps, 'label'> & {
  /** A question that the chart answers. */
  readonly title: string;
  /** The answer in one sentence. */
  readonly answer: string;
};

/** A chart over time. It can be read as a table, too. */
export function Chart({ title, answer, ...plot }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure class="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <button type="button" class="plain" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          as table
        </button>
        <p class="answer">{answer}</p>
      </figcaption>
      {asTable ? <ChartTable title={title} {...plot} /> : <Plot label={answer} {...plot} />}
    </figure>
  );
}

interface TableRow {
  readonly at: string;
  readonly index: number;
}

function ChartTable({ title, times, lines, unit }: Pick<ChartProps, 'title' | 'times' | 'lines' | 'unit'>) {
  const columns: Column<TableRow>[] = [
    { title: 'From', cell: ({ at }) => <Time at={at} /> },
    ...lines.map(({ label, values }) => ({
      title: `${label}, ${unit}`,
      figures: true,
      cell: ({ index }: TableRow) => {
        const value = values[index];
        return value === null ? noValue : figure(value);
      },
    })),
  ];
  const rows = times.map((time, index) => ({ at: new Date(time).toISOString(), index })).reverse();
  return <Table caption={title} columns={columns} rows={rows} keyOf={({ at }) => at} />;
}
