import type { DataSource, QueryRunner } from 'typeorm';
import type { MigrationClass } from '../../../migrations/index.js';
import { DatabaseRefused } from './database-refused.js';
import type { Statement } from './statement.js';

/** $1 the names of the migrations that this program has. The first one of a later version that it cannot serve with. */
export const findIncompatible: Statement = {
  name: 'find_incompatible_migration',
  text: `SELECT name FROM migration WHERE NOT compatible AND name <> ALL ($1::text[]) ORDER BY id LIMIT 1`,
  purpose: 'check',
};

/** The names of the migrations that this program has. */
export function knownMigrations({ migrations }: DataSource): string[] {
  return migrations.map(({ name, constructor }) => name ?? constructor.name);
}

/**
 * The migrations of later versions that have been applied.
 * @throws DatabaseRefused when this program cannot serve with one of them
 */
export async function newerMigrations(queryRunner: QueryRunner): Promise<readonly string[]> {
  if (!(await queryRunner.hasTable('migration'))) return [];
  const known = knownMigrations(queryRunner.connection);
  // A schema of before the mark has no such column.
  const rows = (await queryRunner.query(
    `SELECT name, coalesce((to_jsonb(migration) ->> 'compatible')::boolean, true) AS compatible
      FROM migration WHERE name <> ALL ($1::text[]) ORDER BY id`,
    [known],
  )) as { name: string; compatible: boolean }[];
  const incompatible = rows.find(({ compatible }) => !compatible);
  if (incompatible) {
    throw new DatabaseRefused(
      `the schema is of a later version (${incompatible.name}), which this version cannot serve from; start the later version, or restore a backup`,
    );
  }
  return rows.map(({ name }) => name);
}

/** Marks one that has just been applied, so that programs of the version before do not serve any more. */
export async function markIncompatible(queryRunner: QueryRunner, applied: MigrationClass): Promise<void> {
  if (applied.compatible || !(await queryRunner.hasColumn('migration', 'compatible'))) return;
  await queryRunner.query(`UPDATE migration SET compatible = false WHERE name = $1`, [applied.name]);
}
