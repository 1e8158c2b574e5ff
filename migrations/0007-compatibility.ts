import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says of each migration whether a program of the version before it can serve from the schema. */
export class Compatibility1763000000007 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE migration ADD compatible boolean NOT NULL DEFAULT true`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE migration DROP compatible`);
  }
}
