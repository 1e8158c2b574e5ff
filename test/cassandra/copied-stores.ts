import { type CopyCounts, nothingCopied, TokenCopy } from '../../src/domain/token-copy.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { CassandraTokenTarget } from '../../src/storage/cassandra/token-target.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresTokenSource } from '../../src/storage/postgres/token-source.js';
import { postgresTokenStorage } from '../../src/storage/postgres/token-storage.js';
import {
  openDatabase,
  patientOptions,
  type RunningDatabase,
  startDatabase,
} from '../storage/running-database.js';
import { tester } from '../support/audit.js';
import { createKeyspace, type TestKeyspace } from '../support/cassandra.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { openSession, storageOn, TestSurroundings } from './opened-storage.js';

/** A PostgreSQL and a Cassandra, each with tokens of its own. */
export class CopiedStores {
  /** Of the nodes that work on Cassandra. */
  readonly surroundings = new TestSurroundings();
  readonly old: TokenStorage;
  readonly new: TokenStorage;

  private constructor(
    private readonly running: RunningDatabase,
    readonly database: Database,
    private readonly keyspace: TestKeyspace,
    readonly session: CassandraSession,
  ) {
    this.old = postgresTokenStorage(database, new RecordedChanges());
    this.new = storageOn(session, this.surroundings);
  }

  static async open(): Promise<CopiedStores> {
    const running = await startDatabase();
    const database = await openDatabase(patientOptions(running.connection));
    const keyspace = createKeyspace();
    return new CopiedStores(running, database, keyspace, await openSession(keyspace.settings));
  }

  /** Copies all tokens. @param session replaces that of these stores */
  copy(session = this.session): Promise<CopyCounts> {
    const { feed, clock } = this.surroundings;
    const target = new CassandraTokenTarget(session, { feed, clock });
    const copy = new TokenCopy(new PostgresTokenSource(this.database), target, feed, clock);
    return copy.run('cassandra', tester, () => {});
  }

  /** Copies all tokens, and expects these changes. */
  async expectCopied(counts: Partial<CopyCounts>): Promise<void> {
    expect(await this.copy()).toEqual({ ...nothingCopied, ...counts });
  }

  /** Expects both stores to have the same records of these tokens. */
  async expectSame(tokens: { access?: readonly Hashed[]; refresh?: readonly Hashed[] }): Promise<void> {
    const [before, after] = [this.old.records, this.new.records];
    for (const { hash } of tokens.access ?? []) {
      const record = await before.findAccessToken(hash);
      expect(record).toBeDefined();
      expect(await after.findAccessToken(hash)).toEqual(record);
    }
    for (const { hash } of tokens.refresh ?? []) {
      const record = await before.findRefreshToken(hash);
      expect(record).toBeDefined();
      expect(await after.findRefreshToken(hash)).toEqual(record);
    }
  }

  /** Removes all tokens of PostgreSQL. */
  async emptyOld(): Promise<void> {
    await this.database.dataSource.query('TRUNCATE access_token, refresh_token, token_family');
  }

  /** The rows of a statement in Cassandra. */
  read(cql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
    return this.session.read([{ name: 'test', cql }, values]);
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.keyspace.drop();
    await this.database.dataSource.destroy();
    await this.running.stop();
  }
}

interface Hashed {
  readonly hash: Buffer;
}
