import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is kept of a hash of another system that was replaced. */
export class ForeignHashes1763000000008 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE client ADD imported_hash text`);
    await queryRunner.query(`ALTER TABLE resource_owner ADD imported_hash text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE resource_owner DROP imported_hash`);
    await queryRunner.query(`ALTER TABLE client DROP imported_hash`);
  }
}
