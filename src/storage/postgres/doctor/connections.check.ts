import type { Clock } from '../../../domain/clock.js';
import { type Check, fail, notApplicable, ok, warn } from '../../../domain/doctor/check.js';
import type { NodeRoster } from '../../../domain/roster.js';
import type { Database } from '../database.js';
import type { Statement } from '../statement.js';

/** A node that has not reported for so long is not counted, in milliseconds; each reports once a minute at least. */
const aliveMs = 120_000;

/** What share of the connections nodes may take before there is too little room for others. */
const roomy = 0.8;

/** The connections that an ordinary user may have, and those in use. PostgreSQL 15 has no `reserved_connections`. */
const readLimits: Statement = {
  name: 'read_connection_limits',
  text: `SELECT current_setting('max_connections')::int AS most,
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
      (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
};

interface Limits {
  readonly most: number;
  readonly reserved: number;
  readonly used: string;
}

/** How this process's settings have each node connect. */
export interface NodeConnections {
  /** Connections of its pool. */
  readonly pool: number;
  /** How many nodes these settings start. */
  readonly workers: number;
  /** Whether a pooler shares the server's connections among those of the pools. */
  readonly pooled: boolean;
}

/** Whether the server takes the connections of all nodes. Nodes are taken to have the same settings as this process. */
export function connectionsCheck(
  database: Database,
  roster: NodeRoster,
  clock: Clock,
  { pool, workers, pooled }: NodeConnections,
): Check {
  return {
    name: 'connections',
    readsTables: true,
    async run() {
      if (!database.dataSource.hasSessions) return notApplicable('the embedded database has one session');
      if (pooled) return notApplicable('DATABASE_POOLER shares connections among the nodes');
      const now = clock.now();
      const alive = (await roster.list(now)).filter(({ seen }) => now - seen < aliveMs).length;
      const nodes = Math.max(alive, workers);
      const [{ most, reserved, used }] = await database.read<Limits>(readLimits, []);
      const needed = nodes * (pool + 1);
      const room = most - reserved;
      const found = `${nodes} × (${pool} + 1) connections of nodes = ${needed}, of ${room} that max_connections=${most} leaves; ${used} are in use`;
      const advice = 'lower DATABASE_POOL, raise max_connections, or put a pooler in between';
      if (needed > room) return fail(found, advice);
      return needed > room * roomy ? warn(found, advice) : ok(found);
    },
  };
}
