import type { Cores } from './cores.js';
import type { Figure, Outcome, Target } from './outcome.js';

/** The circumstances that the figures were measured in. */
export interface Circumstances {
  readonly when: string;
  /** Whether it is a smoke run, whose figures mean nothing. */
  readonly smoke: boolean;
  /** The version of Node that ran the servers. */
  readonly node: string;
  readonly postgres: string;
  readonly synchronousCommit: string;
  readonly cpu: string;
  /** Undefined when processes could not be pinned to cores. */
  readonly cores?: Cores;
  /** The load average of the minute before the run. */
  readonly loadBefore: number;
}

/** A machine with a higher load average than this is busy with something else. */
const quiet = 0.5;

/** The lines above all figures. */
export function heading(circumstances: Circumstances): string {
  const { smoke, node, postgres, synchronousCommit, cpu, cores, loadBefore } = circumstances;
  const lines = [`Node ${node}, PostgreSQL ${postgres}, synchronous_commit ${synchronousCommit}, ${cpu}`];
  if (cores) lines.push(`servers on core ${cores.server}, load and PostgreSQL on core ${cores.load}`);
  else lines.push('NOT PINNED, for want of taskset or a second core: servers and load disturb each other.');
  if (loadBefore > quiet)
    lines.push(`NOT ALONE: the machine's load was ${loadBefore.toFixed(1)} before the run.`);
  if (smoke) lines.push('A smoke run: its figures mean nothing.');
  return `${lines.join('\n')}\n`;
}

/** A scenario's figures, ours first. */
export function block({ scenario, figures, note, remarks = [], leftOut, failure }: Outcome): string {
  const title = note === undefined ? scenario : `${scenario} (${note})`;
  const lines = [...figures.map(figureLine), ...remarks.map((remark) => `  ${remark}`)];
  if (leftOut !== undefined) lines.push(`  LEFT OUT: ${leftOut}`);
  if (failure !== undefined) lines.push(`  FAILED: ${failure}`);
  return `\n${[title, ...lines].join('\n')}\n`;
}

function figureLine({ who, unit, median, rounds, ratio, target, cpu, met }: Figure): string {
  const value = `${number(median).padStart(12)} ${unit.padEnd(5)}`;
  const factor = (ratio === undefined ? '' : `${ratio.toFixed(2)} ×`).padStart(9);
  const judged = ratio ?? median;
  const verdict = target
    ? `${words(target).padEnd(14)}${met ? 'met' : `NOT MET by ${shortfall(target, judged)}`}`
    : '';
  const used = cpu === undefined ? '' : `${number(cpu).padStart(6)} µs cpu  `;
  const each = rounds.length > 1 ? `(${rounds.map(number).join('  ')})` : '';
  return `  ${who.padEnd(18)}${value}${factor}   ${verdict.padEnd(24)}${used}${each}`.trimEnd();
}

/** By how much of its bound a value misses a target that it has not met. */
function shortfall({ atLeast, atMost }: Target, value: number): string {
  const isLess = atLeast !== undefined && value < atLeast;
  const share = isLess ? 1 - value / atLeast : value / (atMost ?? value) - 1;
  return `${number(100 * share)} %`;
}

function words({ atLeast, atMost }: Target): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}`;
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}

/** Formats a number: from 1 on with three digits or more. */
function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
