import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secret that a client had before, which is accepted for a while, and when each was made and last used. */
export class ClientSecrets1763000000014 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE client
        ADD COLUMN secret_created_at timestamptz(3),
        ADD COLUMN secret_used_at timestamptz(3),
        ADD COLUMN previous_secret_hash text,
        ADD COLUMN previous_secret_until timestamptz(3),
        ADD COLUMN previous_secret_created_at timestamptz(3),
        ADD COLUMN previous_secret_used_at timestamptz(3)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE client
        DROP COLUMN secret_created_at,
        DROP COLUMN secret_used_at,
        DROP COLUMN previous_secret_hash,
        DROP COLUMN previous_secret_until,
        DROP COLUMN previous_secret_created_at,
        DROP COLUMN previous_secret_used_at`);
  }
}
