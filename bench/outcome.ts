import { median } from './numbers.js';

/** The bounds that a figure must keep. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Unit = 'req/s' | 'ms' | 'µs' | 'ns' | 'MB' | 'B';

/** The measurements of one server. */
export interface Figure {
  readonly who: string;
  readonly unit: Unit;
  readonly rounds: readonly number[];
  readonly median: number;
  /** Our figure divided by this one's of the same round, the median of the rounds; undefined for our own. */
  readonly ratio?: number;
  /** The target of the ratio, or of the median if there is no ratio. */
  readonly target?: Target;
  /** Processor time of a request in microseconds, the median of the rounds. */
  readonly cpu?: number;
  readonly met?: boolean;
}

/** The figures of a scenario. */
export interface Findings {
  /** Symbolon's first. */
  readonly figures: readonly Figure[];
  /** What a reader must know to understand the figures. */
  readonly note?: string;
  /** Lines beneath the figures. */
  readonly remarks?: readonly string[];
  /** Why nothing was measured, though nothing went wrong. */
  readonly leftOut?: string;
}

/** The result of a scenario: its findings, or why it failed. */
export interface Outcome extends Findings {
  readonly scenario: string;
  /** Why it failed; undefined if it did not. */
  readonly failure?: string;
}

/** Waits for a scenario, and turns its error into a failure, so that the others are measured even then. */
export async function outcomeOf(scenario: string, work: Promise<Findings>): Promise<Outcome> {
  try {
    return { scenario, ...(await work) };
  } catch (error) {
    return { scenario, figures: [], failure: (error as Error).message };
  }
}

/** The figures of a server, one for each round, and its target. */
export interface Measured {
  readonly who: string;
  readonly rounds: readonly number[];
  readonly target?: Target;
  /** Processor time of a request in microseconds, one figure for each round. */
  readonly cpuTimes?: readonly number[];
}

/** Compares our figures with the others'. */
export function compared(unit: Unit, ours: Measured, others: readonly Measured[]): Figure[] {
  return [
    figure(unit, ours, median(ours.rounds)),
    ...others.map((other) => {
      const ratio = median(ours.rounds.map((own, round) => own / other.rounds[round]));
      return { ...figure(unit, other, ratio), ratio };
    }),
  ];
}

/** The figure of a server that is not compared, and has no target. */
export function figureOf(unit: Unit, who: string, rounds: readonly number[]): Figure {
  return { who, unit, rounds, median: median(rounds) };
}

function figure(unit: Unit, { who, rounds, target, cpuTimes }: Measured, judged: number): Figure {
  const cpu = cpuTimes && median(cpuTimes);
  return { who, unit, rounds, median: median(rounds), target, cpu, met: target && isMet(target, judged) };
}

function isMet({ atLeast = -Infinity, atMost = Infinity }: Target, value: number): boolean {
  return value >= atLeast && value <= atMost;
}
