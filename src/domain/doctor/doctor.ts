import type { Clock } from '../clock.js';
import { StoreUnavailable } from '../oauth-error.js';
import { type Check, type CheckStatus, fail, type Finding, NotExamined, warn } from './check.js';

/** What a check has found, under its name. */
export type NamedFinding = Finding & { readonly name: string };

/** What all checks have found. */
export interface Examination {
  /** The worst of all findings. */
  readonly status: CheckStatus;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** How long ago that was when it was asked for, in milliseconds; 0 for one that was made then. */
  readonly age: number;
  readonly checks: readonly NamedFinding[];
}

/** How long a check may take, in milliseconds, if it does not say otherwise. */
export const usualDeadlineMs = 5_000;

/** How long an examination is answered again, in milliseconds. */
const usedForMs = 30_000;

/** What a doctor examines, and how. */
export interface DoctorOptions {
  readonly checks: readonly Check[];
  /** Whether migrations are pending, so that tables of ours cannot be read. */
  readonly schemaIsBehind: () => Promise<boolean>;
  /** Runs a check when it is its turn to use the stores. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Takes what a check was broken off by. */
  readonly onFault: (error: unknown) => void;
}

/** Examines a server and its stores. Checks run one after the other; one that cannot be done hides no other. */
export class Doctor {
  private running?: Promise<Examination>;
  private last?: { readonly examination: Examination; readonly elapsed: number };

  constructor(
    private readonly options: DoctorOptions,
    private readonly clock: Clock,
  ) {}

  /** At most one examination runs at a time: others who ask get the same one, and for 30 s the last one. Never rejects. */
  async examine(): Promise<Examination> {
    const age = this.last && this.clock.elapsed() - this.last.elapsed;
    if (this.last && age !== undefined && age < usedForMs) return { ...this.last.examination, age };
    this.running ??= this.examineNow().finally(() => (this.running = undefined));
    return this.running;
  }

  private async examineNow(): Promise<Examination> {
    const behind = await this.isBehind();
    const checks: NamedFinding[] = [];
    for (const check of this.options.checks) {
      checks.push({
        name: check.name,
        ...(behind && check.readsTables ? notExamined : await this.run(check)),
      });
    }
    const statuses = checks.map(({ status }) => status);
    const status: CheckStatus = (['fail', 'warn'] as const).find((bad) => statuses.includes(bad)) ?? 'ok';
    const examination = { status, at: this.clock.now(), age: 0, checks };
    this.last = { examination, elapsed: this.clock.elapsed() };
    return examination;
  }

  /** A store that cannot be asked is found by the checks themselves. */
  private async isBehind(): Promise<boolean> {
    try {
      return (await finished(this.options.schemaIsBehind(), usualDeadlineMs)) === true;
    } catch (error) {
      this.options.onFault(error);
      return false;
    }
  }

  private async run(check: Check): Promise<Finding> {
    const deadlineMs = check.deadlineMs ?? usualDeadlineMs;
    try {
      const finding = await finished(
        this.options.inTurn(() => check.run()),
        deadlineMs,
      );
      return (
        finding ?? fail(`not finished within ${deadlineMs / 1000} s`, 'look at the load of the database')
      );
    } catch (error) {
      if (error instanceof NotExamined) return fail(`not examined: ${error.message}`, error.advice);
      this.options.onFault(error);
      return error instanceof StoreUnavailable
        ? fail('not examined: the store did not answer', 'look at the first check, and at the log')
        : fail('not examined: the check met an unexpected condition', 'look at the log');
    }
  }
}

const notExamined = warn('not examined: migrations are pending', 'apply them: symbolon migrate');

/** What some work resolves with; undefined when it takes longer, and goes on until its own deadlines. */
async function finished<Result>(work: Promise<Result>, deadlineMs: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, deadlineMs, undefined)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
