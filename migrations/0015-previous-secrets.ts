import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex } from './create-index.js';

/** Finds the previous secrets of clients that have ended, and those with hashes of other systems. */
export class PreviousSecrets1763000000015 implements MigrationInterface {
  static readonly compatible = true;
  static readonly concurrent = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndex(
      queryRunner,
      'client_previous_secret',
      'client (previous_secret_until, realm, client_id) WHERE previous_secret_until IS NOT NULL',
    );
    // As 0011 has it for current secrets.
    const hashClass = String.raw`substring(previous_secret_hash from '^(?:\$wrapped)?\$[a-z0-9-]+\$(?:v=\d+\$)?(?:[a-z]=[^$]*\$|\d\d\$)?')`;
    await createIndex(
      queryRunner,
      'client_previous_foreign_hash',
      `client ((${hashClass}), realm, client_id)
        WHERE previous_secret_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%' AND previous_secret_hash NOT LIKE 'sha256:%'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX client_previous_foreign_hash`);
    await queryRunner.query(`DROP INDEX client_previous_secret`);
  }
}
