import {
  type TrafficBatch,
  type TrafficCounts,
  trafficDimensions,
  type TrafficGroup,
  type TrafficPoint,
  type TrafficQuery,
  trafficRoom,
  trafficWindows,
  TrafficStore,
} from '../../domain/traffic.js';
import type { Database, Transaction } from './database.js';
import { addTraffic, busiest, lockTraffic, series, timeoutMs } from './traffic-statements.js';

/** Any number will do, as long as every node uses the same one: ASCII `traf`. */
const trafficLock = 0x74726166;

const countNames = [
  'messages',
  'successes',
  'failures',
  'exceptions',
  'timeSum',
  'timeMin',
  'timeMax',
] as const satisfies readonly (keyof TrafficCounts)[];

const keyNames = ['service', 'method', 'realm', 'client'] as const;

/** Traffic in PostgreSQL. */
export class PostgresTrafficStore extends TrafficStore {
  constructor(private readonly database: Database) {
    super();
  }

  /** A lock makes nodes take turns: so they see each other's rows and keep the limit, and there is no deadlock. */
  async add(batches: readonly TrafficBatch[], maxRows: number): Promise<void> {
    const rows = batches.flatMap(({ at, rows: counted }) => {
      const second = Math.floor(at / 1000);
      return counted.map((row) => ({ second, row }));
    });
    if (rows.length === 0) return;
    const { named, methods } = trafficRoom(maxRows);
    const columns = [...keyNames, ...countNames].map((name) => rows.map(({ row }) => row[name]));
    const work = async (transaction: Transaction) => {
      await transaction.query(lockTraffic, [trafficLock]);
      await transaction.query(addTraffic, [rows.map(({ second }) => second), ...columns, named, methods]);
    };
    await this.database.transaction(work, { purpose: 'job', timeoutMs });
  }

  async busiest(query: TrafficQuery): Promise<TrafficGroup[]> {
    const rows = await this.database.read<TrafficRow>(busiest(dimensionsOf(query)), valuesOf(query));
    return rows.map(toGroup);
  }

  async series(query: TrafficQuery): Promise<TrafficPoint[]> {
    const rows = await this.database.read<TrafficRow & { readonly at: string }>(
      series(dimensionsOf(query)),
      valuesOf(query),
    );
    return rows.map(({ at, ...row }) => ({ bucket: Number(at), ...toGroup(row) }));
  }
}

/** A group as it is selected: its counts are texts. */
type TrafficRow = Omit<TrafficGroup, keyof TrafficCounts> & Readonly<Record<keyof TrafficCounts, string>>;

/** Sums that stay below 2^53 are exact. */
function toGroup(row: TrafficRow): TrafficGroup {
  const counts = countNames.map((name) => [name, Number(row[name])] as const);
  return { ...row, ...(Object.fromEntries(counts) as unknown as TrafficCounts) };
}

/** In a fixed order, so that there are few statements. */
function dimensionsOf({ by }: TrafficQuery) {
  return trafficDimensions.filter((dimension) => by.includes(dimension));
}

function valuesOf({ window, filters, within, now, limit }: TrafficQuery): unknown[] {
  const { seconds, resolution } = trafficWindows[window];
  return [
    resolution,
    new Date(now - seconds * 1000),
    filters.service,
    filters.method,
    filters.realm,
    filters.client,
    within === '/' ? undefined : within,
    limit,
  ];
}
