import { median } from '../numbers.js';

/** How the figures of one commit compare with those of another. */
export interface Paired {
  /** The ratio of the medians. */
  readonly ratio: number;
  /** The least and the greatest ratio of a round. */
  readonly least: number;
  readonly greatest: number;
  /** The standard error of the mean of the rounds' ratios; not a number for a single round. */
  readonly standardError: number;
}

/** Compares figures of the same rounds. */
export function paired(ours: readonly number[], theirs: readonly number[]): Paired {
  const ratios = ours.map((own, round) => own / theirs[round]);
  const count = ratios.length;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / count;
  const squares = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0);
  return {
    ratio: median(ours) / median(theirs),
    least: Math.min(...ratios),
    greatest: Math.max(...ratios),
    standardError: Math.sqrt(squares / (count - 1) / count),
  };
}

/** A line of the report. */
export function pairedLine(what: string, { ratio, least, greatest, standardError }: Paired): string {
  const error = Number.isFinite(standardError) ? `± ${standardError.toFixed(3)}` : 'of one round';
  return `${what.padEnd(20)}${ratio.toFixed(3)} × ${error}   (rounds ${least.toFixed(3)} to ${greatest.toFixed(3)})`;
}
