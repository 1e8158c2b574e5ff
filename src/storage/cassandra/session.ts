import { setTimeout as delay } from 'node:timers/promises';
import { type Client, errors, type QueryOptions, types } from 'cassandra-driver';
import type { CassandraConfig } from '../../config/cassandra-config.js';
import { OperationDurations } from '../../observability/operation-durations.js';
import { ClusterUnavailable } from './cluster-errors.js';
import { attemptTimeoutMs, type Deadline } from './deadline.js';
import { DeadlinePassed, TooMuchUnderWay, translated } from './errors.js';
import type { Suspects } from './policies.js';

/** CQL with parameters, and the name that its durations are measured under. */
export interface CqlStatement {
  readonly name: string;
  readonly cql: string;
}

/** A statement with its values. A value that is undefined stays unset: no value is null, which would be a tombstone. */
export type Act = readonly [statement: CqlStatement, values: readonly unknown[]];

/** What a lightweight transaction has decided. */
export interface Decision<Row> {
  readonly applied: boolean;
  /** The rows of its conditions as they are, where it was not applied. */
  readonly rows: readonly Row[];
}

/** Pauses between two attempts of a lightweight transaction, in milliseconds: rivals must not meet again and again. */
const pauseMs = { least: 10, most: 60 };

/** Results have no pages: the tokens of a second page would outlive the revocation of their family. */
const alwaysSo = { prepare: true, fetchSize: 0 };

/** The most statements at once: the driver sends so many over one connection (2,048), and refuses others late. */
const mostUnderWay = 2_000;

/** Upper bounds of the histograms of statements, in seconds. */
const durationBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How the statements of a consistency are sent. */
const levels = {
  local: {
    consistency: types.consistencies.localQuorum,
    serialConsistency: types.consistencies.localSerial,
  },
  global: { consistency: types.consistencies.quorum, serialConsistency: types.consistencies.serial },
};

/** Runs statements on a cluster; throws StoreUnavailable for the driver's many errors. */
export class CassandraSession {
  readonly durations = new OperationDurations(durationBounds);
  private readonly levels: (typeof levels)['local'];
  private refused = 0;

  /** @param client is connected, and uses the keyspace */
  constructor(
    private readonly client: Client,
    private readonly suspects: Suspects,
    consistency: CassandraConfig['consistency'],
  ) {
    this.levels = levels[consistency];
  }

  /** How many statements are under way, and how many were refused for that. */
  get waiting(): readonly { name: string; waiting: number; limit: number; refused: number }[] {
    const { underWay } = this.durations;
    return [{ name: 'cassandra', waiting: underWay, limit: mostUnderWay, refused: this.refused }];
  }

  /** The rows of a statement that only reads, as a quorum has them. A slow or lost node costs another attempt. */
  async read<Row>([statement, values]: Act): Promise<Row[]> {
    const { rows } = await this.send(statement.name, { isIdempotent: true }, (options) =>
      this.client.execute(statement.cql, [...values], options),
    );
    return rows as unknown as Row[];
  }

  /** Runs a statement that may be run any number of times. It resolves when a quorum has acknowledged it. */
  async write([statement, values]: Act): Promise<void> {
    await this.send(statement.name, { isIdempotent: true }, (options) =>
      this.client.execute(statement.cql, [...values], options),
    );
  }

  /** Runs statements of one partition that may be run any number of times: all or nothing. */
  async writeTogether(name: string, acts: readonly Act[]): Promise<void> {
    await this.send(name, { isIdempotent: true, logged: false }, (options) =>
      this.client.batch(toQueries(acts), options),
    );
  }

  /**
   * Runs a lightweight transaction, and runs it again while it is in doubt whether it was applied, until the deadline.
   * So one that was applied may be decided as not applied: its condition must tell its caller so.
   * @param acts statements of one partition
   * @throws StoreUnavailable when the deadline has passed: it may have been applied
   */
  async decide<Row>(name: string, acts: readonly Act[], deadline: Deadline): Promise<Decision<Row>> {
    const [[{ cql }, values]] = acts;
    const { rows } = await this.untilCertain(name, deadline, (options) =>
      acts.length === 1
        ? this.client.execute(cql, [...values], options)
        : this.client.batch(toQueries(acts), { ...options, logged: false }),
    );
    const applied = rows[0]?.['[applied]'] === true;
    return { applied, rows: applied ? [] : (rows as unknown as Row[]) };
  }

  /** As `read`, but lightweight transactions that are under way are completed first. */
  async readDecided<Row>([{ name, cql }, values]: Act, deadline: Deadline): Promise<Row[]> {
    const consistency = this.levels.serialConsistency;
    const { rows } = await this.untilCertain(name, deadline, (options) =>
      this.client.execute(cql, [...values], { ...options, consistency }),
    );
    return rows as unknown as Row[];
  }

  async close(): Promise<void> {
    await this.client.shutdown();
  }

  private async untilCertain(
    name: string,
    deadline: Deadline,
    attempt: (options: QueryOptions) => Promise<types.ResultSet>,
  ): Promise<types.ResultSet> {
    let last: unknown = new ClusterUnavailable(new DeadlinePassed());
    while (deadline.left > 0) {
      const readTimeout = Math.ceil(Math.min(attemptTimeoutMs, deadline.left));
      try {
        return await this.send(name, { isIdempotent: false, readTimeout }, attempt);
      } catch (error) {
        if (!(error instanceof ClusterUnavailable)) throw error;
        last = error;
        const { host } = error.cause as { host?: string };
        if (error.cause instanceof errors.OperationTimedOutError && host !== undefined)
          this.suspects.add(host, readTimeout);
        await delay(Math.min(deadline.left, pauseMs.least + Math.random() * (pauseMs.most - pauseMs.least)));
      }
    }
    throw last;
  }

  private async send(
    name: string,
    options: QueryOptions,
    run: (options: QueryOptions) => Promise<types.ResultSet>,
  ): Promise<types.ResultSet> {
    try {
      if (this.durations.underWay >= mostUnderWay) {
        this.refused += 1;
        throw new TooMuchUnderWay();
      }
      return await this.durations.measure(name, () => run({ ...alwaysSo, ...this.levels, ...options }));
    } catch (error) {
      throw translated(error);
    }
  }
}

function toQueries(acts: readonly Act[]): { query: string; params: unknown[] }[] {
  return acts.map(([{ cql }, values]) => ({ query: cql, params: [...values] }));
}
