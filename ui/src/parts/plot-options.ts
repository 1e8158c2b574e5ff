import type uPlot from 'uplot';
import { figure, noValue } from '../text/numbers.js';
import type { Inks } from './inks.js';
import type { Line } from './plot.js';

/** In CSS pixels. */
export const plotHeight = 200;

const font = '12px system-ui, sans-serif';
const dayMs = 86_400_000;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

interface PlotLook {
  readonly unit: string;
  readonly stacked: boolean;
  readonly inks: Inks;
  /** In CSS pixels. */
  readonly width: number;
}

/**
 * How uPlot draws the lines.
 * @param lines those that are shown now: their values change, their number does not
 */
export function plotOptions(lines: () => readonly Line[], look: PlotLook): uPlot.Options {
  const { unit, stacked, inks, width } = look;
  const series = lines().map(({ label, ink }, index) => ({
    label,
    stroke: inks[ink],
    fill: stacked ? translucent(inks[ink]) : undefined,
    width: 1.5,
    points: { show: false },
    value: (_plot: uPlot, _value: number, _series: number, at: number | null) =>
      at === null ? '' : valueText(lines()[index].values[at], unit),
  }));
  return {
    width,
    height: plotHeight,
    padding: [8, 12, 0, 0],
    series: [
      { label: 'From', value: (_plot, time) => (time ? dayAndClock.format(time * 1000) : '') },
      ...series,
    ],
    bands: stacked ? series.slice(1).map((_line, index) => ({ series: [index + 1, index + 2] })) : [],
    axes: [
      { ...axisLook(inks), size: 30, values: (_plot, splits) => timeTexts(splits) },
      { ...axisLook(inks), size: 56, values: (_plot, splits) => splits.map((split) => figure(split)) },
    ],
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
  };
}

function axisLook({ muted, line }: Inks): uPlot.Axis {
  const lineLook = { stroke: line, width: 1 };
  return { font, stroke: muted, grid: lineLook, ticks: { ...lineLook, size: 4 } };
}

/** Times of day, or days where more than two are shown. */
function timeTexts(seconds: readonly number[]): string[] {
  const span = ((seconds.at(-1) ?? 0) - seconds[0]) * 1000;
  const format = span > 2 * dayMs ? day : clock;
  return seconds.map((time) => format.format(time * 1000));
}

function valueText(value: number | null, unit: string): string {
  return value === null ? noValue : `${figure(value)} ${unit}`;
}

/** A colour through which the grid is seen. */
function translucent(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.25)');
}
