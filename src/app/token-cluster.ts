import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { CassandraConfig } from '../config/cassandra-config.js';
import { type Check, NotExamined } from '../domain/doctor/check.js';
import type { TokenTarget } from '../domain/token-copy.js';
import type { TokenStorage } from '../domain/token-storage.js';
import type { OperationDurations } from '../observability/operation-durations.js';
import { CassandraStartError } from '../storage/cassandra/cluster-errors.js';
import type { CassandraSession } from '../storage/cassandra/session.js';
import type { Surroundings } from '../storage/cassandra/token-storage.js';
import { translated } from '../storage/postgres/errors.js';
import { inMigrationTurn } from '../storage/postgres/migrate.js';

/** What a cluster offers to the domain. */
interface Adapters {
  storage(surroundings: Surroundings): TokenStorage;
  target(surroundings: Pick<Surroundings, 'feed' | 'clock'>): TokenTarget;
  readonly check: Check;
}

/** Connecting takes a few seconds where nodes are away, in milliseconds. */
const joinMs = 15_000;

/** The Cassandra cluster that keeps the tokens, where `TOKEN_STORE` says so. It is closed with the application. */
export class TokenCluster implements OnApplicationShutdown {
  /** @param session undefined where another store keeps the tokens */
  constructor(
    private readonly session?: CassandraSession,
    private readonly adapters?: Adapters,
  ) {}

  /**
   * Connects to the cluster. Its driver is loaded only then.
   * @param dataSource whose lock lets one process at a time change the schema
   * @throws CassandraStartError
   */
  static async open(
    config: CassandraConfig,
    log: Logger,
    dataSource: DataSource,
    connectAttempts: number,
  ): Promise<TokenCluster> {
    const { openCassandra } = await import('../storage/cassandra/open.js');
    const { cassandraTokenStorage } = await import('../storage/cassandra/token-storage.js');
    const { CassandraTokenTarget } = await import('../storage/cassandra/token-target.js');
    const { clusterCheck } = await import('../storage/cassandra/cluster.check.js');
    const session = await openCassandra({
      config,
      connectAttempts,
      inTurn: (work) =>
        inMigrationTurn(dataSource, work).catch((error: unknown) => {
          throw error instanceof CassandraStartError ? error : translated(error);
        }),
      onReport: ({ fewCopies: copies }) => {
        if (copies !== undefined) {
          log.warn({ copies }, 'fewer than 3 copies of each token: one lost node may take tokens away');
        }
      },
    });
    return new TokenCluster(session, {
      storage: (surroundings) => cassandraTokenStorage(session, surroundings),
      target: (surroundings) => new CassandraTokenTarget(session, surroundings),
      check: clusterCheck(session),
    });
  }

  /** The storage of the cluster's tokens; undefined where there is no cluster. */
  storage(surroundings: Surroundings): TokenStorage | undefined {
    return this.adapters?.storage(surroundings);
  }

  /** Takes over the tokens of another store; undefined where there is no cluster. */
  target(surroundings: Pick<Surroundings, 'feed' | 'clock'>): TokenTarget | undefined {
    return this.adapters?.target(surroundings);
  }

  /**
   * What of the cluster may be wrong; none where the settings name no cluster.
   * @param config of a cluster that is examined though it is not open: its schema is left as it is
   */
  checks(config: CassandraConfig | undefined): Check[] {
    if (this.adapters) return [this.adapters.check];
    return config ? [checkOfClosed(config)] : [];
  }

  /** How long its statements take, by their names. */
  get durations(): OperationDurations['histograms'] {
    return this.session?.durations.histograms ?? new Map();
  }

  /** What waits for it. */
  get waiting(): CassandraSession['waiting'] {
    return this.session?.waiting ?? [];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.session?.close();
  }
}

function checkOfClosed(config: CassandraConfig): Check {
  return {
    name: 'cassandra',
    deadlineMs: joinMs,
    async run() {
      const { joinCassandra } = await import('../storage/cassandra/open.js');
      const { clusterCheck } = await import('../storage/cassandra/cluster.check.js');
      const session = await joinCassandra(config).catch((error: unknown) => {
        if (!(error instanceof CassandraStartError)) throw error;
        throw new NotExamined(error.message, 'mend the setting, or the cluster');
      });
      try {
        return await clusterCheck(session).run();
      } finally {
        await session.close();
      }
    },
  };
}
