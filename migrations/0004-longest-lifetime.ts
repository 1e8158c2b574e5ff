import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The longest lifetime that any client was ever registered with: how long a token key is needed. */
export class LongestLifetime1763000000004 implements MigrationInterface {
  static readonly compatible = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE registry ADD longest_lifetime integer NOT NULL DEFAULT 0`);
    await queryRunner.query(`ALTER TABLE registry ALTER longest_lifetime DROP DEFAULT`);
    // The earlier lifetimes of clients are not known, but the tokens issued then show them. No client's
    // lifetime is longer than a year; an imported token may have a longer one, which does not count.
    await queryRunner.query(`
      UPDATE registry SET longest_lifetime = least(365 * 24 * 3600, greatest(
        (SELECT max(greatest(access_token_lifetime, refresh_token_max_lifetime)) FROM client),
        (SELECT ceil(extract(epoch FROM max(expires_at - issued_at))) FROM access_token),
        (SELECT ceil(extract(epoch FROM max(token_family.expires_at - issued_at)))
          FROM refresh_token JOIN token_family ON token_family.id = family),
        0))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE registry DROP longest_lifetime`);
  }
}
