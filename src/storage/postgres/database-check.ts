import type { Database } from './database.js';
import { poolerAdvice } from './database-refused.js';
import { findIncompatible, knownMigrations } from './newer-schema.js';
import type { Statement } from './statement.js';

const readOnly = ['SELECT'];
const stored = ['SELECT', 'INSERT', 'UPDATE'];

/** What serving needs of our tables. Changes of the configuration and the purge need more. */
const needed: readonly (readonly [table: string, privileges: readonly string[]])[] = [
  ['realm', readOnly],
  ['client', readOnly],
  ['resource_owner', readOnly],
  ['registry', readOnly],
  ['token_key', readOnly],
  ['access_token', stored],
  ['token_family', stored],
  ['refresh_token', stored],
  ['authorization_code', stored],
  ['session', ['SELECT', 'INSERT', 'DELETE']],
  ['consent', stored],
  ['audit_event', ['INSERT']],
  ['login_attempt', stored],
  ['migration', readOnly],
];
const needs = needed.flatMap(([table, privileges]) => privileges.map((privilege) => ({ table, privilege })));

/** A server takes no writes as a standby, and where `default_transaction_read_only` is on. */
const checkDatabase: Statement = {
  name: 'check_database',
  text: `SELECT current_setting('transaction_read_only') = 'on' AS "readOnly",
      (SELECT name FROM unnest($1::text[]) AS needed (name) WHERE to_regclass(name) IS NULL LIMIT 1) AS missing,
      (SELECT privilege || ' on ' || name FROM unnest($1::text[], $2::text[]) AS needed (name, privilege)
        WHERE NOT has_table_privilege(to_regclass(name), privilege) LIMIT 1) AS refused`,
  purpose: 'check',
};

interface CheckRow {
  readonly readOnly: boolean;
  readonly missing: string | null;
  readonly refused: string | null;
}

/** Finds out whether a database that answers can be served from. */
export class DatabaseCheck {
  constructor(private readonly database: Database) {}

  /**
   * What keeps a server from serving, in words for the log; undefined for nothing.
   * @throws StoreUnavailable
   */
  async problem(): Promise<string | undefined> {
    if (await this.database.mixesSessions()) return poolerAdvice;
    try {
      return await this.problemOfTables();
    } catch (error) {
      if (await this.database.mixesSessions()) return poolerAdvice;
      throw error;
    }
  }

  private async problemOfTables(): Promise<string | undefined> {
    const values = [needs.map(({ table }) => table), needs.map(({ privilege }) => privilege)];
    const [{ readOnly: closed, missing, refused }] = await this.database.read<CheckRow>(
      checkDatabase,
      values,
    );
    if (closed) return 'the database takes no writes';
    if (missing !== null) return `the table ${missing} is missing`;
    if (refused !== null) return `the privilege ${refused} is missing`;
    const known = [knownMigrations(this.database.dataSource)];
    const [newer] = await this.database.read<{ name: string }>(findIncompatible, known);
    return newer && `the schema is of a later version (${newer.name})`;
  }
}
