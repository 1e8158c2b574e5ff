import type { QueryRunner } from 'typeorm';

/**
 * Creates an index while others read and write its table, for which it must not run in a transaction. An attempt that was
 * broken off leaves an index that is not valid: it is made again. In a transaction, as on the embedded database, the index
 * is created in the plain way, while nobody writes.
 * @param definition what follows `ON` in the statement
 */
export async function createIndex(queryRunner: QueryRunner, name: string, definition: string): Promise<void> {
  if (queryRunner.isTransactionActive) {
    await queryRunner.query(`CREATE INDEX ${name} ON ${definition}`);
    return;
  }
  const [there] = (await queryRunner.query(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)`,
    [name],
  )) as { valid: boolean }[];
  if (there?.valid) return;
  if (there) await queryRunner.query(`DROP INDEX CONCURRENTLY ${name}`);
  await queryRunner.query(`CREATE INDEX CONCURRENTLY ${name} ON ${definition}`);
}
