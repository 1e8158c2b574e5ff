import { randomBytes } from 'node:crypto';
import {
  keyOverlapMs,
  maxTokenKeys,
  publishedAheadMs,
  type TokenKeyState,
  TokenKeyStore,
  TooManyTokenKeys,
} from '../../domain/token-key.js';
import type { Actor, NewAuditEvent } from '../../domain/audit.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';
import { RegistryEntity, TokenKeyEntity } from './entities/registry.js';
import { milliseconds, type Selected, Table } from './table.js';

/** Written by hand: every node reads the keys all the time, which needs the timeout of `Database.read`. */
const readKeys: Statement = {
  name: 'read_token_keys',
  text: `SELECT ${new Table(TokenKeyEntity).selection},
      (SELECT ${milliseconds('foreign_tokens_until')} FROM registry) AS "foreignTokensUntil",
      (SELECT longest_lifetime FROM registry) AS "longestLifetime"
    FROM token_key ORDER BY signs_from`,
  purpose: 'check',
};

/** An importer runs it in its own transaction. */
export const expectForeignTokens: Statement = {
  name: 'expect_foreign_tokens',
  text: `UPDATE registry SET foreign_tokens_until = greatest(foreign_tokens_until, $1),
    longest_lifetime = greatest(longest_lifetime, $2)`,
};

type KeyRow = Selected<TokenKeyEntity & Pick<RegistryEntity, 'foreignTokensUntil' | 'longestLifetime'>>;

/** How long a key is needed after its successor has begun to sign, in milliseconds. @param longestLifetime in seconds */
function keptMsOf(longestLifetime: number): number {
  return longestLifetime * 1000 + keyOverlapMs;
}

function toKey({ secret, signsFrom }: KeyRow): TokenKeyState['keys'][number] {
  return { secret, signsFrom: Number(signsFrom) };
}

/** The keys that tag tokens, in PostgreSQL. */
export class PostgresTokenKeyStore extends TokenKeyStore {
  constructor(private readonly database: Database) {
    super();
  }

  async read(now: number): Promise<TokenKeyState> {
    const rows = await this.database.read<KeyRow>(readKeys, []);
    const until = Number(rows[0]?.foreignTokensUntil ?? 0);
    return {
      keys: rows.map(toKey),
      foreignTokens: until > now,
      keptMs: keptMsOf(rows[0]?.longestLifetime ?? 0),
      foreignTokensUntil: until > 0 ? until : undefined,
    };
  }

  async rotate(now: number, actor: Actor): Promise<number> {
    const { signsFrom, freeAt } = await this.database.run(({ manager }) =>
      manager.transaction(async (transaction) => {
        // The row's lock makes rotations take turns.
        const { longestLifetime } = await transaction.findOneOrFail(RegistryEntity, {
          select: { onlyRow: true, longestLifetime: true },
          where: { onlyRow: true },
          lock: { mode: 'pessimistic_write' },
        });
        const keptMs = keptMsOf(longestLifetime);
        const stored = (await transaction.query<KeyRow[]>(readKeys.text)).map(toKey);
        // The keys before the newest one that has signed for `keptMs` are no longer needed.
        const first = stored.findLastIndex(({ signsFrom: from }) => from <= now - keptMs);
        const keys = stored.slice(Math.max(first, 0));
        if (keys.length >= maxTokenKeys) return { freeAt: keys[1].signsFrom + keptMs };
        for (const { signsFrom: from } of stored.slice(0, Math.max(first, 0))) {
          await transaction.delete(TokenKeyEntity, { signsFrom: new Date(from) });
        }
        // Two keys never sign from the same moment.
        const newest = keys[keys.length - 1]?.signsFrom ?? 0;
        const next = Math.max(now + publishedAheadMs, newest + 1);
        await transaction.insert(TokenKeyEntity, { secret: randomBytes(32), signsFrom: new Date(next) });
        const event: NewAuditEvent = { at: now, actor, action: 'key.rotated' };
        await transaction.query(insertAuditEvent.text, auditEventValues(event));
        return { signsFrom: next };
      }),
    );
    if (signsFrom === undefined) throw new TooManyTokenKeys(freeAt);
    return signsFrom;
  }

  async expectForeignTokens(until: number, longestFamily: number): Promise<void> {
    await this.database.write(expectForeignTokens, [new Date(until), longestFamily]);
  }
}
