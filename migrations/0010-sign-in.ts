import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Authorization codes, sessions and remembered consent, and what clients and realms need for them. */
export class SignIn1763000000010 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // A node of the version before inserts rows without these columns.
    await queryRunner.query(`
      ALTER TABLE client
        ADD redirect_uris text[] NOT NULL DEFAULT '{}',
        ADD insecure_redirect_uris boolean NOT NULL DEFAULT false,
        ADD pkce text NOT NULL DEFAULT 'required',
        ADD consent text NOT NULL DEFAULT 'ask',
        ADD origins text[] NOT NULL DEFAULT '{}'`);
    await queryRunner.query(`ALTER TABLE realm ADD pages jsonb NOT NULL DEFAULT '{}'`);
    // No foreign keys: like tokens, codes and sessions are compared with their subjects by epoch.
    await queryRunner.query(`
      CREATE TABLE authorization_code (
        hash bytea NOT NULL,
        family uuid NOT NULL,
        realm text NOT NULL,
        client_id text NOT NULL,
        username text NOT NULL,
        scope text NOT NULL,
        auth_level integer NOT NULL,
        redirect_uri text,
        code_challenge text,
        realm_epoch bigint NOT NULL,
        client_epoch bigint NOT NULL,
        resource_owner_epoch bigint NOT NULL,
        state text,
        additional_information jsonb,
        issued_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        replayed_at timestamptz(3),
        CONSTRAINT authorization_code_pkey PRIMARY KEY (hash)
      )`);
    await queryRunner.query(`CREATE INDEX authorization_code_expires_at ON authorization_code (expires_at)`);
    await queryRunner.query(`
      CREATE TABLE session (
        hash bytea NOT NULL,
        realm text NOT NULL,
        username text NOT NULL,
        realm_epoch bigint NOT NULL,
        resource_owner_epoch bigint NOT NULL,
        authenticated_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT session_pkey PRIMARY KEY (hash)
      )`);
    await queryRunner.query(`CREATE INDEX session_expires_at ON session (expires_at)`);
    await queryRunner.query(`
      CREATE TABLE consent (
        realm text NOT NULL,
        username text NOT NULL,
        client_id text NOT NULL,
        scope text[] NOT NULL,
        granted_at timestamptz(3) NOT NULL,
        CONSTRAINT consent_pkey PRIMARY KEY (realm, username, client_id),
        CONSTRAINT consent_resource_owner_fkey FOREIGN KEY (realm, username)
          REFERENCES resource_owner (realm, username) ON DELETE CASCADE,
        CONSTRAINT consent_client_fkey FOREIGN KEY (realm, client_id)
          REFERENCES client (realm, client_id) ON DELETE CASCADE
      )`);
    // Removing a client finds its consents; the primary key finds those of a resource owner.
    await queryRunner.query(`CREATE INDEX consent_client ON consent (realm, client_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['consent', 'session', 'authorization_code']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`ALTER TABLE realm DROP pages`);
    await queryRunner.query(`
      ALTER TABLE client
        DROP redirect_uris,
        DROP insecure_redirect_uris,
        DROP pkce,
        DROP consent,
        DROP origins`);
  }
}
