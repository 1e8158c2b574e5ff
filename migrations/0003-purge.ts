import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes that find expired rows without reading the others. */
export class Purge1763000000003 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX access_token_expires_at ON access_token (expires_at)`);
    await queryRunner.query(`CREATE INDEX token_family_expires_at ON token_family (expires_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX token_family_expires_at`);
    await queryRunner.query(`DROP INDEX access_token_expires_at`);
  }
}
