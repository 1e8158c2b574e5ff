import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients that may send their credentials twice, and realms that fold user names. */
export class Names1763000000006 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // A node of the version before inserts rows without these columns.
    await queryRunner.query(`ALTER TABLE client ADD lenient_authentication boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`ALTER TABLE realm ADD usernames text NOT NULL DEFAULT 'exact'`);
    // The key of a user name where its realm folds them, and null where it does not: most realms need no index entries.
    await queryRunner.query(`ALTER TABLE resource_owner ADD folded_username text`);
    await queryRunner.query(`
      CREATE UNIQUE INDEX resource_owner_folded_username ON resource_owner (realm, folded_username)
        WHERE folded_username IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX resource_owner_folded_username`);
    await queryRunner.query(`ALTER TABLE resource_owner DROP folded_username`);
    await queryRunner.query(`ALTER TABLE realm DROP usernames`);
    await queryRunner.query(`ALTER TABLE client DROP lenient_authentication`);
  }
}
