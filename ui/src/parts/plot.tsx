import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Inks, useInks } from './inks.js';
import { plotHeight, plotOptions } from './plot-options.js';

/** One line of a plot. */
export interface Line {
  readonly label: string;
  readonly ink: Exclude<keyof Inks, 'muted' | 'line'>;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface PlotProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  /** Begins of the periods, in milliseconds since 1970. */
  readonly times: readonly number[];
  /** From the top to the bottom, where they are stacked. */
  readonly lines: readonly Line[];
  /** The unit of the values. */
  readonly unit: string;
  /** Whether the lines are parts of a whole, one upon the other. */
  readonly stacked?: boolean;
}

/** Lines over time. */
export function Plot({ label, times, lines, unit, stacked = false }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const shown = useRef(lines);
  shown.current = lines;
  const inks = useInks(place);
  const names = lines.map((line) => line.label).join();
  useEffect(() => {
    const element = place.current;
    if (!element || !inks) return undefined;
    const options = plotOptions(() => shown.current, { unit, stacked, inks, width: element.clientWidth });
    const drawn = new uPlot(options, plotData(times, shown.current, stacked), element);
    plot.current = drawn;
    const sizes = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: plotHeight }));
    sizes.observe(element);
    return () => {
      plot.current = undefined;
      sizes.disconnect();
      drawn.destroy();
    };
  }, [inks, names, unit, stacked]);
  useEffect(() => plot.current?.setData(plotData(times, lines, stacked)), [times, lines]);
  return <div ref={place} class="plot" role="img" aria-label={label} />;
}

/** The columns of the plot: times in seconds, and each line, with those below it where they are stacked. */
function plotData(times: readonly number[], lines: readonly Line[], stacked: boolean): uPlot.AlignedData {
  const columns = lines.map(({ values }, place) =>
    values.map((value, index) => {
      if (!stacked) return value;
      return lines.slice(place).reduce((sum, line) => sum + (line.values[index] ?? 0), 0);
    }),
  );
  return [times.map((time) => time / 1000), ...columns];
}
