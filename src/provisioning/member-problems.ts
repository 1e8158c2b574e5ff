import { ChangeRefused } from './change-refused.js';
import { Problems } from './problems.js';

/** What is wrong with one member of a subject. */
export interface MemberProblem {
  /** JSON pointer (RFC 6901) of the member, or of the mapping around one whose name a caller has chosen. */
  readonly pointer: string;
  /** In fixed words. */
  readonly reason: string;
}

/** Collects the problems of one subject's members. */
export class MemberProblems extends Problems {
  private readonly found: { readonly key: string; readonly reason: string }[] = [];

  has(key: string): boolean {
    return this.found.some((problem) => problem.key === key);
  }

  add(key: string, reason: string): void {
    this.found.push({ key, reason });
  }

  addUnknown(key: string): void {
    this.add(key, 'has an unknown member');
  }

  /** @throws ChangeRefused */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const problems = this.found.map(({ key, reason }) => ({ pointer: pointerOf(key), reason }));
    throw new ChangeRefused('members', { problems });
  }
}

const segment = /\.([\w-]+)|\[(\d+)\]|\[(".*")\]/g;

/** Mappings whose names a caller chooses: pointers end there, so that nothing that was sent is echoed. */
const mappings = /^(?:\/attributes|\/additional_information|\/pages\/scopes)(?=\/)/;

/** The pointer of a key whose first segment stands for the subject. */
function pointerOf(key: string): string {
  const segments = [...key.matchAll(segment)].map(([, word, index, quoted]) => word ?? index ?? quoted);
  const pointer = segments.map((name) => `/${name}`).join('');
  return mappings.exec(pointer)?.[0] ?? pointer;
}
