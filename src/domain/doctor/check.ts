/** What a check says: all is well, somebody should look at it, or it must be mended. */
export const checkStatuses = ['ok', 'warn', 'fail'] as const;

export type CheckStatus = (typeof checkStatuses)[number];

/** What a check has found. */
export interface Finding {
  readonly status: CheckStatus;
  /** A sentence with the numbers. It holds no secret, and nothing but names that were registered here. */
  readonly found: string;
  /** What to do about it; undefined where there is nothing to do. */
  readonly advice?: string;
}

/** Looks at one thing that may be wrong with a server or its stores. It changes nothing. */
export interface Check {
  /** In kebab case; each check has another name. */
  readonly name: string;
  /** Whether it reads tables of ours, for which migrations must not be pending. */
  readonly readsTables?: true;
  /** How long it may take, in milliseconds; `usualDeadlineMs` when left out. */
  readonly deadlineMs?: number;
  /** Rejects with StoreUnavailable, or another error, when it cannot be done. */
  run(): Promise<Finding>;
}

/** A check cannot be done for a reason that is known. */
export class NotExamined extends Error {
  /** @param reason in fixed words, without a secret */
  constructor(
    reason: string,
    readonly advice: string,
  ) {
    super(reason);
    this.name = 'NotExamined';
  }
}

export function ok(found: string): Finding {
  return { status: 'ok', found };
}

export function warn(found: string, advice: string): Finding {
  return { status: 'warn', found, advice };
}

export function fail(found: string, advice: string): Finding {
  return { status: 'fail', found, advice };
}

/** A finding for what a server without some part of ours cannot have. @param reason such as `the database is embedded` */
export function notApplicable(reason: string): Finding {
  return ok(`not applicable: ${reason}`);
}

/** Such as `1 client`, `1,204 clients`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** At most so many names stand in a sentence. */
const maxNamed = 10;

/** Names as a sentence lists them: `a, b`, or the first ones and `…`. */
export function namesOf(names: readonly string[]): string {
  return names.slice(0, maxNamed).join(', ') + (names.length > maxNamed ? ', …' : '');
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A length of time in the largest unit of which it has two: `90 s`, `16 min`, `30 h`, `91 d`. */
export function lengthOf(milliseconds: number): string {
  if (milliseconds >= 2 * dayMs) return `${Math.floor(milliseconds / dayMs)} d`;
  if (milliseconds >= 2 * hourMs) return `${Math.floor(milliseconds / hourMs)} h`;
  if (milliseconds >= 2 * minuteMs) return `${Math.floor(milliseconds / minuteMs)} min`;
  return `${Math.floor(milliseconds / 1000)} s`;
}
