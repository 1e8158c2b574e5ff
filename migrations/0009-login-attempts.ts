import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts at passwords and secrets, and from where they were right. */
export class LoginAttempts1763000000009 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // Rows are updated twice for each attempt. Room in each page keeps those updates out of the indexes.
    await queryRunner.query(`
      CREATE TABLE login_attempt (
        key bytea NOT NULL,
        kind text NOT NULL,
        failed integer NOT NULL,
        counted_until timestamptz(3) NOT NULL,
        pending integer NOT NULL,
        pending_until timestamptz(3) NOT NULL,
        granted integer NOT NULL,
        blocked_until timestamptz(3),
        signed_in timestamptz(3),
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT login_attempt_pkey PRIMARY KEY (key)
      ) WITH (fillfactor = 70)`);
    await queryRunner.query(`CREATE INDEX login_attempt_expires_at ON login_attempt (expires_at, key)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE login_attempt`);
  }
}
