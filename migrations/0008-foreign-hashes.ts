import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hashes of other systems: what is kept of one that was replaced, and where those are that still have to be. */
export class ForeignHashes1763000000008 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE client ADD imported_hash text`);
    await queryRunner.query(`ALTER TABLE resource_owner ADD imported_hash text`);
    // The class of a hash is its text up to the salt. A node of the version before need not know it: it is computed.
    const hashClass = (column: string) =>
      String.raw`substring(${column} from '^(?:\$wrapped)?\$[a-z0-9-]+\$(?:v=\d+\$)?(?:[a-z]=[^$]*\$|\d\d\$)?')`;
    const foreign = (column: string) => `${column} NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`;
    await queryRunner.query(`
      CREATE INDEX resource_owner_foreign_hash ON resource_owner ((${hashClass('password_hash')}), realm, username)
        WHERE ${foreign('password_hash')}`);
    await queryRunner.query(`
      CREATE INDEX client_foreign_hash ON client ((${hashClass('secret_hash')}), realm, client_id)
        WHERE ${foreign('secret_hash')} AND secret_hash NOT LIKE 'sha256:%'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX client_foreign_hash`);
    await queryRunner.query(`DROP INDEX resource_owner_foreign_hash`);
    await queryRunner.query(`ALTER TABLE resource_owner DROP imported_hash`);
    await queryRunner.query(`ALTER TABLE client DROP imported_hash`);
  }
}
