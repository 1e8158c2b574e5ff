import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex } from './create-index.js';

/** The order of UTF-8 bytes. An index in the database's own order serves no other one, not even where that is `C`, too. */
const bytes = 'COLLATE "C"';

/** Each index, and what follows `ON` in the statement that creates it. */
const indexes = {
  // Lists.
  realm_list: `realm (path ${bytes})`,
  client_list: `client (realm, client_id ${bytes})`,
  resource_owner_list: `resource_owner (realm, username ${bytes})`,
  // Search below one realm: the lists, and the display names of its clients.
  client_title_list: `client (realm, name ${bytes}) WHERE name IS NOT NULL`,
  // Search in all realms.
  realm_search: `realm ((substring(path from '[^/]*$')) ${bytes})`,
  client_search: `client (client_id ${bytes}, realm ${bytes})`,
  client_title_search: `client (name ${bytes}, realm ${bytes}) WHERE name IS NOT NULL`,
  resource_owner_search: `resource_owner (username ${bytes}, realm ${bytes})`,
  // In a realm that folds user names, those that a node of an older version has added: mostly none.
  resource_owner_unfolded: `resource_owner (realm, username) WHERE folded_username IS NULL`,
  // The tokens of a user. One by client would cost each insert of a token that has no user, too.
  access_token_user: `access_token (realm, username, issued_at, hash) WHERE username IS NOT NULL`,
};

/** Lists and searches subjects, lists a user's tokens, and finds user names that are not folded yet. */
export class ListsAndSearch1763000000013 implements MigrationInterface {
  static readonly compatible = true;
  static readonly concurrent = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(indexes)) {
      await createIndex(queryRunner, name, definition);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(indexes)) await queryRunner.query(`DROP INDEX ${name}`);
  }
}
