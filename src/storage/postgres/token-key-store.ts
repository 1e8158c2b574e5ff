import { randomBytes } from 'node:crypto';
import { publishedAheadMs, type TokenKeyState, TokenKeyStore } from '../../domain/token-key.js';
import type { Database, Statement } from './database.js';

const readKeys: Statement = {
  name: 'read_token_keys',
  text: `SELECT secret, signs_from, (SELECT foreign_tokens_until FROM registry) AS foreign_tokens_until
    FROM token_key ORDER BY signs_from`,
};

const insertKey: Statement = {
  name: 'insert_token_key',
  text: `INSERT INTO token_key (secret, signs_from) VALUES ($1, $2)`,
};

/** Nodes may go on with a key for a little after the next one signs; this is far longer, in milliseconds. */
const overlapMs = 24 * 60 * 60 * 1000;

/** Keeps a key as long as a token may be alive that was issued before the key after it was a day old. */
const forgetKeys: Statement = {
  name: 'forget_token_keys',
  text: `DELETE FROM token_key WHERE signs_from < (
      SELECT max(signs_from) FROM token_key
      WHERE signs_from <= least($1::timestamptz,
        (SELECT min(issued_at) FROM access_token WHERE expires_at > $2),
        (SELECT min(issued_at) FROM refresh_token WHERE expires_at > $2)) - $3::interval)`,
  timeoutMs: 60_000,
};

interface KeyRow {
  readonly secret: Buffer;
  readonly signs_from: Date;
  readonly foreign_tokens_until: Date | null;
}

/** The keys that tag tokens, in PostgreSQL. */
export class PostgresTokenKeyStore extends TokenKeyStore {
  constructor(private readonly database: Database) {
    super();
  }

  async read(now: number): Promise<TokenKeyState> {
    const rows = await this.database.read<KeyRow>(readKeys, []);
    const until = rows[0]?.foreign_tokens_until?.getTime() ?? 0;
    return {
      keys: rows.map((row) => ({ secret: row.secret, signsFrom: row.signs_from.getTime() })),
      foreignTokens: until > now,
    };
  }

  async rotate(now: number): Promise<number> {
    const signsFrom = now + publishedAheadMs;
    await this.database.write(insertKey, [randomBytes(32), new Date(signsFrom)]);
    await this.database.write(forgetKeys, [new Date(now), new Date(now), `${overlapMs} milliseconds`]);
    return signsFrom;
  }
}
