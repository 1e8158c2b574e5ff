import { median } from './numbers.js';

/** What a figure must reach. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Unit = 'req/s' | 'ms' | 'MB';

/** What was measured of one server. */
export interface Figure {
  readonly who: string;
  readonly unit: Unit;
  readonly rounds: readonly number[];
  readonly median: number;
  /** Our figure by this one's in the same round, the median of the rounds; undefined for our own. */
  readonly ratio?: number;
  /** For the ratio; for the median where there is none. */
  readonly target?: Target;
  readonly met?: boolean;
}

/** What a scenario found. */
export interface Findings {
  /** Our own first. */
  readonly figures: readonly Figure[];
  /** What a reader must know to understand them. */
  readonly note?: string;
}

/** What became of a scenario. */
export interface Outcome extends Findings {
  readonly scenario: string;
  /** Why it found nothing. */
  readonly failure?: string;
}

/** Waits for what a scenario finds; the others are measured even if it fails. */
export async function outcomeOf(scenario: string, work: Promise<Findings>): Promise<Outcome> {
  try {
    return { scenario, ...(await work) };
  } catch (error) {
    return { scenario, figures: [], failure: (error as Error).message };
  }
}

/** Figures of a server, a figure a round, and what is wanted of it. */
export interface Measured {
  readonly who: string;
  readonly rounds: readonly number[];
  readonly target?: Target;
}

/** Sets our figures beside the others'. */
export function compared(unit: Unit, ours: Measured, others: readonly Measured[]): Figure[] {
  return [
    figure(unit, ours, median(ours.rounds)),
    ...others.map((other) => {
      const ratio = median(ours.rounds.map((own, round) => own / other.rounds[round]));
      return { ...figure(unit, other, ratio), ratio };
    }),
  ];
}

function figure(unit: Unit, { who, rounds, target }: Measured, judged: number): Figure {
  return { who, unit, rounds, median: median(rounds), target, met: target && isMet(target, judged) };
}

function isMet({ atLeast = -Infinity, atMost = Infinity }: Target, value: number): boolean {
  return value >= atLeast && value <= atMost;
}
