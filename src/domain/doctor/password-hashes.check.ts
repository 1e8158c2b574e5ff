import type { PasswordForms } from '../password-forms.js';
import { type Check, counted, ok, warn } from './check.js';
import type { HashCount, SubjectSurvey } from './subject-survey.js';

/** All hashes of other systems are counted. */
const deadlineMs = 35_000;

/** Whether hashes of other systems are stored that are quick to guess, because no server has wrapped them yet. */
export function passwordHashesCheck(survey: SubjectSurvey, forms: PasswordForms): Check {
  return {
    name: 'password-hashes',
    readsTables: true,
    deadlineMs,
    async run() {
      const counts = await survey.foreignHashes();
      if (counts.length === 0) return ok('no hash of another system or cost is stored');
      const fast = sum(counts.filter(({ example }) => forms.read(example)?.fast));
      const found = `${counted(sum(counts), 'hash', 'hashes')} of other systems or costs, which a sign-in replaces; ${fast.toLocaleString('en')} of them quick to guess and not wrapped`;
      return fast === 0
        ? ok(found)
        : warn(found, 'a server wraps them in the minutes after its start: look at its log');
    },
  };
}

function sum(counts: readonly HashCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}
