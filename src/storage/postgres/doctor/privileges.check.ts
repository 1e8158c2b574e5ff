import { type Check, fail, ok } from '../../../domain/doctor/check.js';
import { DatabaseCheck } from '../database-check.js';
import type { Database } from '../database.js';

/** Whether a server can serve from the database: as `/readyz` asks. */
export function privilegesCheck(database: Database): Check {
  return {
    name: 'privileges',
    readsTables: true,
    async run() {
      const problem = await new DatabaseCheck(database).problem();
      if (problem === undefined)
        return ok('the database takes writes, and its user may do all that serving needs');
      return fail(problem, 'no server is ready with it: mend it, or name another database or user');
    },
  };
}
