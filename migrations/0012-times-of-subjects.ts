import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a subject was added, and when it was changed last. */
export class TimesOfSubjects1763000000012 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // Null for what was written before, or is written by a node of the version before.
    for (const table of ['realm', 'client', 'resource_owner']) {
      await queryRunner.query(
        `ALTER TABLE ${table} ADD created_at timestamptz(3), ADD updated_at timestamptz(3)`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['resource_owner', 'client', 'realm']) {
      await queryRunner.query(`ALTER TABLE ${table} DROP created_at, DROP updated_at`);
    }
  }
}
