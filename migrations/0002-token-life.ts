import { randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refresh tokens and their families, the keys that tag tokens, and client settings for these tokens. */
export class TokenLife1763000000002 implements MigrationInterface {
  static readonly compatible = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE client
        ADD refresh_token_lifetime integer NOT NULL DEFAULT 43200,
        ADD refresh_token_max_lifetime integer NOT NULL DEFAULT 2592000,
        ADD refresh_successor text NOT NULL DEFAULT 'new',
        ADD refresh_graceful boolean NOT NULL DEFAULT false,
        ADD introspect text NOT NULL DEFAULT 'own',
        ADD additional_information jsonb NOT NULL DEFAULT '[]',
        ADD additional_parameters text[] NOT NULL DEFAULT '{}'`);
    for (const column of [
      'refresh_token_lifetime',
      'refresh_token_max_lifetime',
      'refresh_successor',
      'refresh_graceful',
      'introspect',
      'additional_information',
      'additional_parameters',
    ]) {
      await queryRunner.query(`ALTER TABLE client ALTER ${column} DROP DEFAULT`);
    }
    await queryRunner.query(`
      ALTER TABLE access_token
        ADD family uuid,
        ADD additional_information jsonb,
        ADD request jsonb,
        ADD revoked boolean NOT NULL DEFAULT false`);
    // Revoking a family also removes its access tokens; tokens without a family need no index entry.
    await queryRunner.query(
      `CREATE INDEX access_token_family ON access_token (family) WHERE family IS NOT NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE token_family (
        id uuid NOT NULL,
        revoked boolean NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT token_family_pkey PRIMARY KEY (id)
      )`);
    await queryRunner.query(`
      CREATE TABLE refresh_token (
        hash bytea NOT NULL,
        family uuid NOT NULL,
        realm text NOT NULL,
        client_id text NOT NULL,
        username text NOT NULL,
        scope text NOT NULL,
        auth_level integer NOT NULL,
        issued_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        retries integer NOT NULL,
        realm_epoch bigint NOT NULL,
        client_epoch bigint NOT NULL,
        resource_owner_epoch bigint NOT NULL,
        additional_information jsonb,
        CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
        CONSTRAINT refresh_token_family_fkey FOREIGN KEY (family) REFERENCES token_family (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`CREATE INDEX refresh_token_family ON refresh_token (family)`);
    await queryRunner.query(`
      CREATE TABLE token_key (
        secret bytea NOT NULL,
        signs_from timestamptz(3) NOT NULL,
        CONSTRAINT token_key_pkey PRIMARY KEY (signs_from)
      )`);
    await queryRunner.query(`INSERT INTO token_key (secret, signs_from) VALUES ($1, to_timestamp(0))`, [
      randomBytes(32),
    ]);
    await queryRunner.query(`ALTER TABLE registry ADD foreign_tokens_until timestamptz(3)`);
    // The tokens issued so far have an older form; they must be found until the last of them has expired.
    await queryRunner.query(
      `UPDATE registry SET foreign_tokens_until = (SELECT max(expires_at) FROM access_token)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE registry DROP foreign_tokens_until`);
    for (const table of ['token_key', 'refresh_token', 'token_family']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(
      `ALTER TABLE access_token DROP family, DROP additional_information, DROP request, DROP revoked`,
    );
    await queryRunner.query(`
      ALTER TABLE client
        DROP refresh_token_lifetime,
        DROP refresh_token_max_lifetime,
        DROP refresh_successor,
        DROP refresh_graceful,
        DROP introspect,
        DROP additional_information,
        DROP additional_parameters`);
  }
}
