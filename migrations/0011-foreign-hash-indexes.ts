import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex } from './create-index.js';

/** Finds the hashes of other systems that still have to be replaced. */
export class ForeignHashIndexes1763000000011 implements MigrationInterface {
  static readonly compatible = true;
  static readonly concurrent = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // The class of a hash is its text up to the salt. A node of the version before need not know it: it is computed.
    const hashClass = (column: string) =>
      String.raw`substring(${column} from '^(?:\$wrapped)?\$[a-z0-9-]+\$(?:v=\d+\$)?(?:[a-z]=[^$]*\$|\d\d\$)?')`;
    const foreign = (column: string) => `${column} NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`;
    await createIndex(
      queryRunner,
      'resource_owner_foreign_hash',
      `resource_owner ((${hashClass('password_hash')}), realm, username) WHERE ${foreign('password_hash')}`,
    );
    await createIndex(
      queryRunner,
      'client_foreign_hash',
      `client ((${hashClass('secret_hash')}), realm, client_id)
        WHERE ${foreign('secret_hash')} AND secret_hash NOT LIKE 'sha256:%'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX client_foreign_hash`);
    await queryRunner.query(`DROP INDEX resource_owner_foreign_hash`);
  }
}
