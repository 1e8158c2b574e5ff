import { type Check, counted, fail, namesOf, ok } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import type { Statement } from '../statement.js';

/** $1 names of our indexes, $2 of our tables. Indexes that are missing, and those that no statement can use. */
const findUnusable: Statement = {
  name: 'find_unusable_indexes',
  text: `SELECT name, false AS there FROM unnest($1::text[]) AS needed (name) WHERE to_regclass(name) IS NULL
    UNION ALL
    SELECT indexrelid::regclass::text, true FROM pg_index
      WHERE indrelid = ANY (SELECT to_regclass(name)::oid FROM unnest($2::text[]) AS ours (name))
        AND NOT (indisvalid AND indisready)
    ORDER BY name`,
};

/** Whether every index is there and can be used: without one, statements read whole tables. */
export function indexesCheck(database: Database): Check {
  return {
    name: 'indexes',
    readsTables: true,
    async run() {
      const { indexes, tables } = ours(database);
      const rows = await database.read<{ name: string; there: boolean }>(findUnusable, [indexes, tables]);
      if (rows.length === 0) return ok(`all ${indexes.length} indexes are there and valid`);
      const missing = rows.filter(({ there }) => !there).map(({ name }) => name);
      const invalid = rows.filter(({ there }) => there).map(({ name }) => name);
      const found = [
        missing.length > 0 && `${counted(missing.length, 'index', 'indexes')} missing: ${namesOf(missing)}`,
        invalid.length > 0 && `${counted(invalid.length, 'index', 'indexes')} not valid: ${namesOf(invalid)}`,
      ];
      const advice = [
        missing.length > 0 && 'create them as the files in migrations do, by CREATE INDEX CONCURRENTLY',
        invalid.length > 0 && 'build them again by REINDEX INDEX CONCURRENTLY',
      ];
      return fail(found.filter(Boolean).join('; '), advice.filter(Boolean).join('; '));
    },
  };
}

/** The names of our indexes, those of primary keys included, and of our tables. */
function ours({ dataSource }: Database): { readonly indexes: string[]; readonly tables: string[] } {
  const { entityMetadatas } = dataSource;
  const names = entityMetadatas.flatMap(({ indices, uniques, primaryColumns }) => [
    ...indices.map(({ name }) => name),
    ...uniques.map(({ name }) => name),
    primaryColumns[0]?.primaryKeyConstraintName,
  ]);
  return {
    indexes: names.filter((name) => name !== undefined),
    tables: entityMetadatas.map(({ tableName }) => tableName),
  };
}
