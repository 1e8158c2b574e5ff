import type { AuthorizationCode } from '../../domain/authorization-code.js';
import { CodeRegister } from '../../domain/code-register.js';
import {
  authorizationCodeTable,
  type SelectedAuthorizationCode,
  toAuthorizationCode,
  toAuthorizationCodeRow,
} from './authorization-code-rows.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

const insertCode: Statement = {
  name: 'insert_authorization_code',
  text: `INSERT INTO authorization_code (${authorizationCodeTable.names}) VALUES (${authorizationCodeTable.parameters()})`,
};

const findCode: Statement = {
  name: 'find_authorization_code',
  text: `SELECT ${authorizationCodeTable.selection} FROM authorization_code WHERE hash = $1`,
};

/** Of several callers, the second one waits for the first one's commit, and then finds the code used. */
export const useCode = `UPDATE authorization_code SET used_at = $2 WHERE hash = $1 AND used_at IS NULL`;

const useCodeAlone: Statement = { name: 'use_authorization_code', text: useCode };

const markReplayed: Statement = {
  name: 'mark_replayed_code',
  text: `UPDATE authorization_code SET replayed_at = coalesce(replayed_at, $2) WHERE hash = $1`,
};

const isReplayed: Statement = {
  name: 'is_replayed_code',
  text: `SELECT FROM authorization_code WHERE hash = $1 AND replayed_at IS NOT NULL`,
};

/** Codes in PostgreSQL. */
export class PostgresCodeRegister extends CodeRegister {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(code: AuthorizationCode): Promise<void> {
    await this.database.write(insertCode, authorizationCodeTable.values(toAuthorizationCodeRow(code)));
  }

  async find(hash: Buffer): Promise<AuthorizationCode | undefined> {
    const [row] = await this.database.read<SelectedAuthorizationCode>(findCode, [hash]);
    return row && toAuthorizationCode(row);
  }

  async use(hash: Buffer, now: number): Promise<boolean> {
    return (await this.database.write(useCodeAlone, [hash, new Date(now)])) === 1;
  }

  async markReplayed(hash: Buffer, now: number): Promise<void> {
    await this.database.write(markReplayed, [hash, new Date(now)]);
  }

  async isReplayed(hash: Buffer): Promise<boolean> {
    return (await this.database.read(isReplayed, [hash])).length === 1;
  }
}
