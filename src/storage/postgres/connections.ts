import { connect, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pool, PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import { ConnectionShares, type Deadline, type Purpose } from './connection-shares.js';
import { isLateAnswer } from './errors.js';
import type { WaitingFigures } from './waiting-list.js';

/** How the connections of the pool are used. */
export interface PoolStatistics {
  readonly used: number;
  readonly idle: number;
  readonly max: number;
  /** Callers that wait for a connection. */
  readonly pending: number;
}

/** Lends the connections of a pool. Nobody waits in the pool itself, which knows neither purposes nor limits. */
export class Connections {
  private readonly shares: ConnectionShares;

  /** @param sessions whether each connection is a session of its own, whose statements the server can cancel */
  constructor(
    private readonly pool: Pool,
    private readonly sessions: boolean,
  ) {
    this.shares = new ConnectionShares(pool.options.max);
  }

  /** How many there are now, those that connect included. */
  get total(): number {
    return this.pool.totalCount;
  }

  get statistics(): PoolStatistics {
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    const pending = this.waiting.reduce((sum, { waiting }) => sum + waiting, waitingCount);
    return { used: totalCount - idleCount, idle: idleCount, max: options.max, pending };
  }

  /** Those who wait, by their purposes. */
  get waiting(): readonly WaitingFigures[] {
    return this.shares.figures;
  }

  /**
   * As `lend`, for work that uses TypeORM. Its statements have no timeouts of their own: at the deadline the one under way
   * is cancelled, and the connection is closed.
   */
  lendRunner<Result>(
    runner: QueryRunner,
    purpose: Purpose,
    deadline: Deadline,
    work: (runner: QueryRunner) => Promise<Result>,
  ): Promise<Result> {
    return this.inTurn(purpose, deadline, async () => {
      const session = (await runner.connect()) as Session;
      let closing: Promise<void> | undefined;
      const timer = setTimeout(() => {
        closing = this.cancel(session).then(() => close(session));
      }, deadline.giveUpAt - performance.now());
      try {
        return await work(runner);
      } finally {
        clearTimeout(timer);
        // Nobody else must be lent what is about to be closed.
        await closing;
        await runner.release();
      }
    });
  }

  private async inTurn<Result>(
    purpose: Purpose,
    deadline: Deadline,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const leave = await this.shares.enter(purpose, deadline);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Does work on a connection, which is closed where the work fails: nobody knows in which state it is. */
  lend<Result>(
    purpose: Purpose,
    deadline: Deadline,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    return this.inTurn(purpose, deadline, async () => {
      const client = await this.pool.connect();
      client.on('error', ignore);
      try {
        const result = await work(client);
        client.release();
        return result;
      } catch (error) {
        if (isLateAnswer(error)) await this.cancel(client as Session);
        client.release(true);
        throw error;
      } finally {
        client.off('error', ignore);
      }
    });
  }

  private async cancel(session: Session): Promise<void> {
    if (this.sessions) await cancel(session);
  }
}

/** Without a listener, a lost connection would end the process. The current or next statement will fail. */
function ignore(): void {}

/** What the driver knows of its session, though its types do not say so. */
type Session = PoolClient & {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly connection: { readonly stream: Duplex };
};

const cancelRequestCode = 80877102;

/**
 * Longest time for a request to cancel, in milliseconds: PgBouncer gives up after 10 s. And how much of it is waited for:
 * callers wait for 3 s at most.
 */
const cancelMs = 12_000;
const cancelWaitMs = 90;

/**
 * Asks the server to end the statement of a connection that is going to be closed. A session that waits for a lock does
 * not notice that its client is gone: sessions would pile up, until the server takes no more. The request is a connection
 * of its own (PostgreSQL, Frontend/Backend Protocol §55.2.8). Where it fails, nothing is worse than without it.
 *
 * Resolves when the request has been taken, or has taken too long. The connection must be open until then: a pooler does
 * not know any more which session a closed one used.
 */
function cancel({ host, port, processID, secretKey }: Session): Promise<void> {
  if (processID === null || secretKey === null) return Promise.resolve();
  const request = Buffer.alloc(16);
  [request.length, cancelRequestCode, processID, secretKey].forEach((number, index) =>
    request.writeInt32BE(number, 4 * index),
  );
  const place: NetConnectOpts = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const socket = connect(place);
  return new Promise((resolve) => {
    setTimeout(resolve, cancelWaitMs);
    socket.on('error', ignore).on('close', () => resolve());
    socket.setTimeout(cancelMs, () => socket.destroy());
    // The server answers by closing the connection, which only a reader sees. PgBouncer 1.18 ends itself where a client
    // closes it first.
    socket.unref().resume().write(request);
  });
}

/** Closes a connection at once: a graceful end could wait for ever. */
async function close({ connection: { stream } }: Session): Promise<void> {
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve).destroy());
}
