import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Realms, clients, resource owners and access tokens; the root realm exists from the start. */
export class Initial1763000000001 implements MigrationInterface {
  static readonly compatible = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE SEQUENCE epoch`);
    await queryRunner.query(`
      CREATE TABLE realm (
        path text NOT NULL,
        auth_level integer NOT NULL,
        enabled boolean NOT NULL,
        epoch bigint NOT NULL,
        CONSTRAINT realm_pkey PRIMARY KEY (path)
      )`);
    await queryRunner.query(`
      CREATE TABLE client (
        realm text NOT NULL,
        client_id text NOT NULL,
        type text NOT NULL,
        secret_hash text,
        grant_types text[] NOT NULL,
        scopes text[] NOT NULL,
        default_scopes text[] NOT NULL,
        access_token_lifetime integer NOT NULL,
        attributes jsonb NOT NULL,
        name text,
        description text,
        contact_email text,
        application text,
        enabled boolean NOT NULL,
        epoch bigint NOT NULL,
        CONSTRAINT client_pkey PRIMARY KEY (realm, client_id),
        CONSTRAINT client_realm_fkey FOREIGN KEY (realm) REFERENCES realm (path) ON DELETE CASCADE
      )`);
    await queryRunner.query(`
      CREATE TABLE resource_owner (
        realm text NOT NULL,
        username text NOT NULL,
        password_hash text NOT NULL,
        attributes jsonb NOT NULL,
        enabled boolean NOT NULL,
        epoch bigint NOT NULL,
        CONSTRAINT resource_owner_pkey PRIMARY KEY (realm, username),
        CONSTRAINT resource_owner_realm_fkey FOREIGN KEY (realm) REFERENCES realm (path) ON DELETE CASCADE
      )`);
    // No foreign keys: a token's subjects are compared by epoch, and removing one must not touch its tokens.
    await queryRunner.query(`
      CREATE TABLE access_token (
        hash bytea NOT NULL,
        realm text NOT NULL,
        client_id text NOT NULL,
        username text,
        scope text NOT NULL,
        grant_type text NOT NULL,
        auth_level integer NOT NULL,
        issued_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        realm_epoch bigint NOT NULL,
        client_epoch bigint NOT NULL,
        resource_owner_epoch bigint,
        CONSTRAINT access_token_pkey PRIMARY KEY (hash)
      )`);
    await queryRunner.query(`
      CREATE TABLE registry (
        only_row boolean NOT NULL,
        revision bigint NOT NULL,
        configuration_hash text,
        CONSTRAINT registry_pkey PRIMARY KEY (only_row),
        CONSTRAINT registry_only_row_check CHECK (only_row)
      )`);
    await queryRunner.query(`INSERT INTO registry (only_row, revision) VALUES (true, 0)`);
    await queryRunner.query(
      `INSERT INTO realm (path, auth_level, enabled, epoch) VALUES ('/', 0, true, nextval('epoch'))`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['registry', 'access_token', 'resource_owner', 'client', 'realm']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`DROP SEQUENCE epoch`);
  }
}
