import { type Check, fail, ok, warn } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import { knownMigrations } from '../newer-schema.js';

/** What of our migrations has been applied to a database. */
interface AppliedMigrations {
  /** The names of those that this program has and the database lacks. */
  readonly pending: readonly string[];
  /** Those of later versions that have been applied. */
  readonly newer: readonly { readonly name: string; readonly compatible: boolean }[];
}

/** Whether the schema is that of this program. */
export function migrationsCheck(database: Database): Check {
  return {
    name: 'migrations',
    async run() {
      const { pending, newer } = await appliedMigrations(database);
      const incompatible = newer.find(({ compatible }) => !compatible);
      if (incompatible) {
        return fail(
          `the schema is of a later version (${incompatible.name}), which this version cannot serve from`,
          'start the later version',
        );
      }
      if (pending.length > 0) {
        const which = `${pending.length} pending: ${pending.join(', ')}`;
        return warn(which, 'apply them: symbolon migrate; symbolon migrate --plan says what they lock');
      }
      if (newer.length === 0) return ok('none is pending');
      const names = newer.map(({ name }) => name).join(', ');
      return warn(`the schema is of a later version: ${names}`, 'upgrade this node, too');
    },
  };
}

/** Whether migrations are pending. @throws StoreUnavailable */
export async function schemaIsBehind(database: Database): Promise<boolean> {
  return (await appliedMigrations(database)).pending.length > 0;
}

/** Changes nothing, in a database without any schema either. */
function appliedMigrations(database: Database): Promise<AppliedMigrations> {
  const known = knownMigrations(database.dataSource);
  return database.run(
    async (session) => {
      if (!(await session.hasTable('migration'))) return { pending: known, newer: [] };
      // A schema of before the mark has no such column.
      const applied = (await session.query(
        `SELECT name, coalesce((to_jsonb(migration) ->> 'compatible')::boolean, true) AS compatible
          FROM migration ORDER BY id`,
      )) as { name: string; compatible: boolean }[];
      return {
        pending: known.filter((name) => !applied.some((other) => other.name === name)),
        newer: applied.filter(({ name }) => !known.includes(name)),
      };
    },
    { purpose: 'read' },
  );
}
