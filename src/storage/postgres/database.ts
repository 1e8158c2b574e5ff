import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig, PoolClient, QueryConfig, QueryResult } from 'pg';
import type { QueryRunner } from 'typeorm';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import { OperationDurations } from '../../observability/operation-durations.js';
import type { Deadline, Purpose } from './connection-shares.js';
import { Connections, type PoolStatistics } from './connections.js';
import type { PooledDataSource } from './data-source.js';
import { isForeignSession, isLostConnection, isRolledBack, translated } from './errors.js';
import { mixesSessions } from './pooler.js';
import type { Statement } from './statement.js';
import { type BatcherLimits, type Run, StatementBatcher } from './statement-batcher.js';
import type { WaitingFigures } from './waiting-list.js';

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

/** Longest wait for an answer, in milliseconds. */
const queryTimeoutMs = 1500;

/** Longest time before the first statement, in milliseconds: the wait for a turn, and a new connection. */
const beforehandMs = 1400;

/** How often work is done anew that was rolled back for the sake of another transaction, and the longest pause before. */
const most = { attempts: 10, pauseMs: 20 };

/** Upper bounds of the histograms of statements, in seconds. */
const durationBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A transaction that is open. */
export interface Transaction {
  /** The rows of one of its statements. */
  query<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]>;
}

/** What work is, and how long it may take. */
export interface WorkOptions {
  /** That of requests when left out. */
  readonly purpose?: Purpose;
  /** Milliseconds for all of its statements together, where it has more to do than a request. */
  readonly timeoutMs?: number;
}

/** How long the statements of some work may take: each of them in milliseconds, and until when. */
interface Limits extends Deadline {
  readonly timeoutMs?: number;
}

/** Runs hot statements on the data source's pool; throws StoreUnavailable for the driver's many errors. */
export class Database {
  /** How long the statements take; the wait for a connection is included, but for those of transactions. */
  readonly durations = new OperationDurations(durationBounds);
  private readonly connections: Connections;
  private readonly batchers: { readonly figures: WaitingFigures }[] = [];
  /** Whether a connection was found to be no session, and this has not been refuted since. */
  private foreignSession = false;

  constructor(
    readonly dataSource: PooledDataSource,
    private readonly capabilities: DatabaseCapabilities,
  ) {
    this.connections = new Connections(dataSource.pool, dataSource.hasSessions);
  }

  /** Options for a connection outside the pool, to the same database, which is a session of its own. */
  get connectionOptions(): ClientConfig {
    const { options } = this.dataSource.pool;
    const { directUrl } = this.capabilities;
    return directUrl === undefined ? options : { ...options, connectionString: directUrl };
  }

  /**
   * Whether a pooler in transaction mode stands before the server, though the settings do not say so. Nothing is asked
   * until a statement has failed for it.
   * @throws StoreUnavailable
   */
  async mixesSessions(): Promise<boolean> {
    if (!this.foreignSession) return false;
    try {
      const { options } = this.dataSource.pool;
      this.foreignSession = await this.connections.lend('check', deadlineOf({}), (client) =>
        mixesSessions(client, options),
      );
      return this.foreignSession;
    } catch (error) {
      throw translated(error);
    }
  }

  get poolStatistics(): PoolStatistics {
    return this.connections.statistics;
  }

  /** Everything that waits for this database. */
  get waiting(): readonly WaitingFigures[] {
    return [...this.connections.waiting, ...this.batchers.map(({ figures }) => figures)];
  }

  /** Collects items into one statement of that name; what waits for it is counted in `waiting`. */
  batcher<Item, Result>(
    name: string,
    run: Run<Item, Result>,
    limits: BatcherLimits,
  ): StatementBatcher<Item, Result> {
    const batcher = new StatementBatcher(name, run, limits);
    this.batchers.push(batcher);
    return batcher;
  }

  /**
   * Returns the rows of a statement that only reads. A pooled connection may be dead, and the pool notices
   * only when something is sent over it. The statement is then sent over the next one, and finally over a new
   * one.
   */
  async read<Row extends object>(
    statement: Statement,
    values: unknown[],
    deadline = deadlineOf(statement),
  ): Promise<Row[]> {
    for (let pooled = this.connections.total; ; pooled -= 1) {
      try {
        return (await this.send<Row>('read', statement, values, deadline)).rows;
      } catch (error) {
        const lost = error instanceof StoreUnavailable && isLostConnection(error.cause);
        if (pooled === 0 || !lost) throw error;
      }
    }
  }

  /**
   * Runs a statement that writes, as one transaction.
   * @returns how many rows it wrote or removed
   */
  async write(statement: Statement, values: unknown[], deadline = deadlineOf(statement)): Promise<number> {
    return (await this.send('write', statement, values, deadline)).rowCount ?? 0;
  }

  /**
   * Does work in one transaction, which is committed when the promise resolves and rolled back when it rejects.
   * The work must not wait for another connection: the embedded database has one session for all. It is done anew where
   * it was rolled back for the sake of another transaction.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    { purpose = 'write', timeoutMs }: WorkOptions = {},
  ): Promise<Result> {
    const limits = { timeoutMs, ...deadlineOf({ timeoutMs }) };
    return this.repeated(limits, () =>
      this.connections.lend(purpose, limits, (client) => this.committed(client, work, limits)),
    );
  }

  /**
   * Runs work that uses TypeORM, in whatever transactions the work opens. All of it is done anew where it was rolled back
   * for the sake of another transaction.
   */
  run<Result>(
    work: (queryRunner: QueryRunner) => Promise<Result>,
    { purpose = 'job', timeoutMs }: WorkOptions = {},
  ): Promise<Result> {
    const deadline = deadlineOf({ timeoutMs });
    return this.repeated(deadline, () =>
      this.connections.lendRunner(this.dataSource.createQueryRunner(), purpose, deadline, work),
    );
  }

  /** Does work anew, a few times, where it was rolled back for the sake of another transaction. */
  private async repeated<Result>({ giveUpAt }: Deadline, work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (isForeignSession(error)) this.foreignSession = true;
        const again = isRolledBack(error) && attempt < most.attempts && performance.now() < giveUpAt;
        if (!again) throw translated(error);
      }
      // Two that meet again and again would never be done.
      await delay(Math.random() * most.pauseMs);
    }
  }

  private async committed<Result>(
    client: PoolClient,
    work: (transaction: Transaction) => Promise<Result>,
    limits: Limits,
  ): Promise<Result> {
    const query = <Row extends object>(statement: Statement, values: unknown[]) =>
      this.durations.measure(
        statement.name,
        async () => (await this.query<Row>(client, statement, values, limits)).rows,
      );
    await query(beginStatement, []);
    const result = await work({ query });
    await query(commitStatement, []);
    return result;
  }

  private send<Row extends object>(
    purpose: Purpose,
    statement: Statement,
    values: unknown[],
    deadline: Deadline,
  ): Promise<QueryResult<Row>> {
    const attempt = () =>
      this.connections.lend(statement.purpose ?? purpose, deadline, (client) =>
        this.query<Row>(client, statement, values, deadline),
      );
    return this.durations.measure(statement.name, () => this.repeated(deadline, attempt));
  }

  private query<Row extends object>(
    client: PoolClient,
    { name, text, timeoutMs }: Statement,
    values: unknown[],
    limits: Limits,
  ): Promise<QueryResult<Row>> {
    const mostMs = timeoutMs ?? limits.timeoutMs ?? queryTimeoutMs;
    const config: QueryConfig & { query_timeout: number } = {
      name: this.capabilities.namedStatements ? name : undefined,
      text,
      values,
      query_timeout: Math.max(1, Math.min(mostMs, limits.giveUpAt - performance.now())),
    };
    return client.query<Row>(config);
  }
}

/** When work that begins now must be over: for a request within 3 s. */
function deadlineOf({ timeoutMs = queryTimeoutMs }: Pick<Statement, 'timeoutMs'>): Deadline {
  return { giveUpAt: performance.now() + beforehandMs + timeoutMs };
}
