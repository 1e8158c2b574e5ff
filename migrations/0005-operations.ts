import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators look at: traffic, refusals, audit events, nodes; when and by whom a token was revoked. */
export class Operations1763000000005 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    // A node of the version before inserts clients without this column.
    await queryRunner.query(`ALTER TABLE client ADD administer text NOT NULL DEFAULT 'none'`);
    await queryRunner.query(`ALTER TABLE access_token ADD revoked_at timestamptz(3), ADD revoked_by text`);
    await queryRunner.query(`ALTER TABLE token_family ADD revoked_at timestamptz(3), ADD revoked_by text`);
    // Keys are compared and sorted as bytes, so that every node and PostgreSQL sort them alike. The free half of each
    // page takes the next version of its rows, which are updated every few seconds: so updates need no new index
    // entries, and leave nothing for a vacuum.
    await queryRunner.query(`
      CREATE TABLE traffic (
        resolution integer NOT NULL,
        bucket timestamptz(0) NOT NULL,
        service text COLLATE "C" NOT NULL,
        method text COLLATE "C" NOT NULL,
        realm text COLLATE "C" NOT NULL,
        client text COLLATE "C" NOT NULL,
        messages bigint NOT NULL,
        successes bigint NOT NULL,
        failures bigint NOT NULL,
        exceptions bigint NOT NULL,
        time_sum bigint NOT NULL,
        time_min bigint NOT NULL,
        time_max bigint NOT NULL,
        CONSTRAINT traffic_pkey PRIMARY KEY (resolution, bucket, service, method, realm, client)
      ) WITH (fillfactor = 50)`);
    await queryRunner.query(`
      CREATE TABLE node (
        id uuid NOT NULL,
        host text NOT NULL,
        pid integer NOT NULL,
        version text NOT NULL,
        started timestamptz(3) NOT NULL,
        seen timestamptz(3) NOT NULL,
        hears boolean NOT NULL,
        cache_hits bigint NOT NULL,
        cache_misses bigint NOT NULL,
        rss bigint NOT NULL,
        cpu double precision NOT NULL,
        CONSTRAINT node_pkey PRIMARY KEY (id)
      )`);
    await queryRunner.query(`
      CREATE TABLE refusal (
        id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        route text NOT NULL,
        method text NOT NULL,
        status integer NOT NULL,
        realm text NOT NULL,
        client text NOT NULL,
        reason text,
        error text,
        detail text,
        token_id text,
        CONSTRAINT refusal_pkey PRIMARY KEY (id)
      )`);
    await queryRunner.query(`CREATE INDEX refusal_at ON refusal (at, id)`);
    await queryRunner.query(`
      CREATE TABLE audit_event (
        id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        actor_kind text NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        realm text,
        name text,
        changes jsonb NOT NULL,
        epoch bigint,
        token_id text,
        correlation_id text,
        address text,
        CONSTRAINT audit_event_pkey PRIMARY KEY (id)
      )`);
    await queryRunner.query(`CREATE INDEX audit_event_at ON audit_event (at, id)`);
    // Explains why the tokens of a subject have ended: the first event with a later epoch than theirs.
    await queryRunner.query(`CREATE INDEX audit_event_subject ON audit_event (realm, name, epoch)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['audit_event', 'refusal', 'node', 'traffic']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`ALTER TABLE token_family DROP revoked_at, DROP revoked_by`);
    await queryRunner.query(`ALTER TABLE access_token DROP revoked_at, DROP revoked_by`);
    await queryRunner.query(`ALTER TABLE client DROP administer`);
  }
}
