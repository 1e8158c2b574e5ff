import { type Check, notApplicable, ok, warn } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import type { Statement } from '../statement.js';

/** The largest share of dead rows, and how many of them do not matter in any table. */
const mostShare = 0.2;
const fewRows = 1_000;

/** $1 names of our tables. */
const countRows: Statement = {
  name: 'count_dead_rows',
  text: `SELECT relname AS name, n_live_tup AS live, n_dead_tup AS dead FROM pg_stat_user_tables
    WHERE relid = ANY (SELECT to_regclass(name)::oid FROM unnest($1::text[]) AS ours (name)) ORDER BY relname`,
};

interface Row {
  readonly name: string;
  readonly live: string;
  readonly dead: string;
}

/** Whether PostgreSQL removes dead rows in time: they slow down whatever reads their table. */
export function deadRowsCheck(database: Database): Check {
  return {
    name: 'dead-rows',
    readsTables: true,
    async run() {
      if (!database.dataSource.hasSessions)
        return notApplicable('a server vacuums its embedded database itself');
      const tables = database.dataSource.entityMetadatas.map(({ tableName }) => tableName);
      const rows = await database.read<Row>(countRows, [tables]);
      const many = rows.filter(
        ({ dead, live }) => Number(dead) >= fewRows && shareOf(dead, live) > mostShare,
      );
      if (many.length === 0) return ok(`no table has more than ${mostShare * 100} % dead rows`);
      const found = many.map(
        ({ name, dead, live }) => `${Math.round(shareOf(dead, live) * 100)} % of ${name} are dead rows`,
      );
      const names = many.map(({ name }) => name).join(', ');
      return warn(
        found.join('; '),
        `VACUUM ${names}; see whether autovacuum reaches them, and what old transactions are open`,
      );
    },
  };
}

function shareOf(dead: string, live: string): number {
  return Number(dead) / (Number(dead) + Number(live));
}
