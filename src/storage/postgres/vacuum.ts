import { SpaceReclaimer } from '../../domain/space-reclaimer.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

/** A statement may take this many milliseconds: a table may be large. */
const timeoutMs = 30_000;

/** The counts of this session's changes are otherwise published some seconds later. */
const publish: Statement = {
  name: 'publish_counts',
  text: 'SELECT pg_stat_force_next_flush()',
  purpose: 'job',
};

/** The tables that an autovacuum would take, by its own rule: a fifth of the rows is dead, and fifty more. */
const wasteful: Statement = {
  name: 'wasteful_tables',
  text: `SELECT relid::regclass::text AS name FROM pg_stat_all_tables
    WHERE n_dead_tup > 50 + 0.2 * n_live_tup AND schemaname <> 'pg_toast' ORDER BY name`,
  purpose: 'job',
};

const checkpoint: Statement = { name: 'checkpoint', text: 'CHECKPOINT', timeoutMs, purpose: 'job' };

/**
 * Vacuums a PostgreSQL in which no autovacuum and no checkpointer run: the embedded one. A vacuum must not be in a
 * transaction. Each of these statements is sent by itself, and waits, as any other statement there, until no connection
 * has a transaction open.
 */
export class Vacuum extends SpaceReclaimer {
  constructor(private readonly database: Database) {
    super();
  }

  async reclaim(): Promise<void> {
    await this.database.read(publish, []);
    const tables = await this.database.read<{ name: string }>(wasteful, []);
    for (const { name } of tables) {
      await this.database.write(
        { name: 'vacuum', text: `VACUUM (ANALYZE) ${name}`, timeoutMs, purpose: 'job' },
        [],
      );
    }
    // Without one, the write-ahead log would only grow.
    if (tables.length > 0) await this.database.write(checkpoint, []);
  }
}
