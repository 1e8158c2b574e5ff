import type { SubjectRecord } from '../domain/subject-records.js';
import type { MemberProblem } from './member-problems.js';

/**
 * Why a change of a subject was refused: there is one of that name, or none, or not its realm; another version is stored than
 * the expected one; the realm has clients or users, or is the root realm; members cannot be used, or not by who asks.
 */
export type ChangeRefusal =
  'exists' | 'missing' | 'no_realm' | 'stale' | 'not_empty' | 'root_realm' | 'members' | 'not_allowed';

interface RefusalDetails {
  /** Of `members` and `not_allowed`. */
  readonly problems?: readonly MemberProblem[];
  /** What is stored; of `stale` alone. */
  readonly current?: SubjectRecord;
}

/** A change of a subject was refused, and nothing was changed. */
export class ChangeRefused extends Error {
  readonly problems: readonly MemberProblem[];
  readonly current?: SubjectRecord;

  constructor(
    readonly reason: ChangeRefusal,
    { problems = [], current }: RefusalDetails = {},
  ) {
    super(`The change was refused: ${reason}.`);
    this.name = 'ChangeRefused';
    this.problems = problems;
    this.current = current;
  }
}
