import type { ClientConfig, Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { OperationDurations } from '../../observability/operation-durations.js';
import type { PooledDataSource } from './data-source.js';
import { isForeignSession, isLostConnection, isRolledBack, translated } from './errors.js';
import { mixesSessions } from './pooler.js';
import type { Statement } from './statement.js';

/** What a database can do beyond plain SQL. */
export interface DatabaseCapabilities {
  /** Whether each connection is a session of its own, so that prepared statements may have names. */
  readonly namedStatements: boolean;
  /** Where the server is reached without a pooler in transaction mode; that of the pool when left out. */
  readonly directUrl?: string;
}

/** A transaction that waited for a lock must see its holder's commit, whatever the database's default is. */
const beginStatement: Statement = { name: 'begin', text: 'BEGIN ISOLATION LEVEL READ COMMITTED' };
const commitStatement: Statement = { name: 'commit', text: 'COMMIT' };

/** Longest wait for an answer, in milliseconds; with the wait for a connection it stays below 3 s. */
const queryTimeoutMs = 1500;

/** Upper bounds of the histograms of statements, in seconds. */
const durationBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How the connections of the pool are used. */
export interface PoolStatistics {
  readonly used: number;
  readonly idle: number;
  readonly max: number;
  /** Callers that wait for a connection. */
  readonly pending: number;
}

/** A transaction that is open. */
export interface Transaction {
  /** The rows of one of its statements. */
  query<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]>;
}

/** Runs hot statements on the data source's pool; throws StoreUnavailable for the driver's many errors. */
export class Database {
  /** How long the statements take; the wait for a connection is included, but for those of transactions. */
  readonly durations = new OperationDurations(durationBounds);
  private readonly pool: Pool;
  /** Whether a connection was found to be no session, and this has not been refuted since. */
  private foreignSession = false;

  constructor(
    readonly dataSource: PooledDataSource,
    private readonly capabilities: DatabaseCapabilities,
  ) {
    this.pool = dataSource.pool;
  }

  /** Options for a connection outside the pool, to the same database, which is a session of its own. */
  get connectionOptions(): ClientConfig {
    const { directUrl } = this.capabilities;
    return directUrl === undefined
      ? this.pool.options
      : { ...this.pool.options, connectionString: directUrl };
  }

  /**
   * Whether a pooler in transaction mode stands before the server, though the settings do not say so. Nothing is asked
   * until a statement has failed for it.
   * @throws StoreUnavailable
   */
  async mixesSessions(): Promise<boolean> {
    if (!this.foreignSession) return false;
    try {
      this.foreignSession = await mixesSessions(this.pool);
      return this.foreignSession;
    } catch (error) {
      throw translated(error);
    }
  }

  get poolStatistics(): PoolStatistics {
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    return { used: totalCount - idleCount, idle: idleCount, max: options.max, pending: waitingCount };
  }

  /**
   * Returns the rows of a statement that only reads. A pooled connection may be dead, and the pool notices
   * only when something is sent over it. The statement is then sent over the next one, and finally over a new
   * one.
   */
  async read<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const giveUpAt = performance.now() + (statement.timeoutMs ?? queryTimeoutMs);
    for (let pooled = this.pool.totalCount; ; pooled -= 1) {
      try {
        return (await this.send<Row>(statement, values, Math.max(1, giveUpAt - performance.now()))).rows;
      } catch (error) {
        if (isRolledBack(error) && performance.now() < giveUpAt) pooled += 1;
        else if (pooled === 0 || !isLostConnection(error)) throw this.failed(error);
      }
    }
  }

  /**
   * Runs a statement that writes, as one transaction.
   * @returns how many rows it wrote or removed
   */
  async write(statement: Statement, values: unknown[]): Promise<number> {
    const giveUpAt = performance.now() + (statement.timeoutMs ?? queryTimeoutMs);
    for (;;) {
      try {
        const { rowCount } = await this.send(statement, values, Math.max(1, giveUpAt - performance.now()));
        return rowCount ?? 0;
      } catch (error) {
        if (!isRolledBack(error) || performance.now() >= giveUpAt) throw this.failed(error);
      }
    }
  }

  /**
   * Does work in one transaction, which is committed when the promise resolves and rolled back when it rejects.
   * The work must not wait for another connection: the embedded database has one session for all.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      client.on('error', ignore);
      const result = await this.committed(client, work);
      client.off('error', ignore);
      client.release();
      return result;
    } catch (error) {
      // The state of the transaction is not known; closing the connection rolls it back.
      client?.release(true);
      throw this.failed(error);
    }
  }

  /** Runs work that uses TypeORM, in whatever transactions the work opens. */
  async run<Result>(work: (dataSource: DataSource) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.dataSource);
    } catch (error) {
      throw translated(error);
    }
  }

  private failed(error: unknown): unknown {
    if (isForeignSession(error)) this.foreignSession = true;
    return translated(error);
  }

  private async committed<Result>(
    client: PoolClient,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const query = <Row extends object>(statement: Statement, values: unknown[]) =>
      this.durations.measure(statement.name, async () => {
        const config = this.config(statement, values, statement.timeoutMs ?? queryTimeoutMs);
        return (await client.query<Row>(config)).rows;
      });
    await query(beginStatement, []);
    const result = await work({ query });
    await query(commitStatement, []);
    return result;
  }

  private send<Row extends object>(
    statement: Statement,
    values: unknown[],
    timeoutMs: number,
  ): Promise<QueryResult<Row>> {
    return this.durations.measure(statement.name, () =>
      this.pool.query<Row>(this.config(statement, values, timeoutMs)),
    );
  }

  private config({ name, text }: Statement, values: unknown[], timeoutMs: number): QueryConfig {
    const config: QueryConfig & { query_timeout: number } = {
      name: this.capabilities.namedStatements ? name : undefined,
      text,
      values,
      query_timeout: timeoutMs,
    };
    return config;
  }
}

/** Without a listener, a lost connection would end the process. The current or next statement will fail. */
function ignore(): void {}
