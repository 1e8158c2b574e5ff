import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Clock } from '../../domain/clock.js';
import type { Database } from './database.js';
import { channel, heartbeatPayload, notify, readPayload } from './notification.js';
import { NotifyingChangeFeed } from './notifying-change-feed.js';

/** How often a heartbeat is sent, in milliseconds. */
const heartbeatEveryMs = 2_000;

/** How long the feed is current after a heartbeat that came back was sent, in milliseconds. */
const currentForMs = 5_000;

/** How long after the loss of a connection the next one is tried, in milliseconds. */
const reconnectAfterMs = 1_000;

/** Watches a feed. */
export interface FeedObserver {
  /**
   * Called when the feed becomes current, and when it is lost.
   * @param reason the error of the lost connection; undefined where heartbeats stopped coming back
   */
  connection(connected: boolean, reason?: unknown): void;
  /** Called when a heartbeat has come back, with the milliseconds that it took. */
  heartbeat(tookMs: number): void;
}

/**
 * Receives the changes of all nodes by LISTEN, on a connection of its own. Heartbeats prove that it does:
 * every two seconds the node notifies itself, and the feed is current only while the last heartbeat that came
 * back was sent less than five seconds ago. They are sent over that same connection, so that they wait for
 * nothing that requests wait for. PostgreSQL delivers notifications in the
 * order of commits, so every change that was committed before a heartbeat has been received before it. This
 * detects a pooler that swallows LISTEN, a dead connection that reports no error, and a process that was
 * suspended.
 */
export class PostgresChangeFeed extends NotifyingChangeFeed {
  /** When the last heartbeat that came back was sent, by the clock's `elapsed`. */
  private receivedUpTo = -Infinity;
  /** When the last heartbeat was due, by the same clock. */
  private sentUpTo = -Infinity;
  /** What the observer was last called with. */
  private connected?: boolean;
  /** Distinguishes this node's heartbeats from the others'. */
  private readonly node = randomUUID();
  private client?: Client;
  /** The connection once it listens, while no heartbeat is being sent over it. */
  private ready?: Client;
  private openedAt = -Infinity;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly observer: FeedObserver,
  ) {
    super(database);
  }

  isCurrent(now: number): boolean {
    return now - this.receivedUpTo < currentForMs;
  }

  /** Listens until `stop`, on a new connection after each loss. */
  start(): void {
    this.running = this.listen();
    this.timer = setInterval(() => {
      this.report();
      void this.sendHeartbeat();
    }, heartbeatEveryMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    this.disconnect();
    await this.running;
  }

  private async listen(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const reason = await this.listenOnce();
      this.receivedUpTo = -Infinity;
      if (signal.aborted) return;
      this.report(reason);
      await delay(reconnectAfterMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Listens on one connection. Resolves when it has ended, with the error if any. Never rejects. */
  private async listenOnce(): Promise<unknown> {
    const client = new Client(this.database.connectionOptions);
    this.client = client;
    this.ready = undefined;
    this.openedAt = this.clock.elapsed();
    let reason: unknown;
    client.on('error', (error) => (reason = error));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    const ended = new Promise((resolve) => client.once('end', resolve));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.ready = client;
      await this.sendHeartbeat();
    } catch (error) {
      reason = error;
      this.disconnect();
    }
    await ended;
    return reason;
  }

  private async sendHeartbeat(): Promise<void> {
    const sentAt = this.clock.elapsed();
    const silentFor = sentAt - Math.max(this.receivedUpTo, this.openedAt);
    // A connection over which heartbeats do not come back may be dead without an error. If none was due for
    // long because the process was suspended, the connection is not at fault.
    if (this.sentUpTo > this.receivedUpTo && silentFor >= currentForMs) this.disconnect();
    this.sentUpTo = sentAt;
    const { ready } = this;
    if (!ready) return;
    this.ready = undefined;
    try {
      await ready.query(notify.text, [heartbeatPayload({ node: this.node, sentAt })]);
      if (this.client === ready) this.ready = ready;
    } catch {
      // This heartbeat will not come back: `report` detects that and calls the observer.
    }
  }

  private receive(payload: string): void {
    const message = readPayload(payload);
    if ('change' in message) this.announce(message.change);
    else if (message.heartbeat.node === this.node) this.receiveHeartbeat(message.heartbeat.sentAt);
  }

  private receiveHeartbeat(sentAt: number): void {
    const now = this.clock.elapsed();
    this.observer.heartbeat(now - sentAt);
    // Between two connections, or while no heartbeat came back, anything may have changed.
    if (!this.isCurrent(now)) this.announce('everything');
    this.receivedUpTo = Math.max(this.receivedUpTo, sentAt);
    this.report();
  }

  /** Destroys the connection. A graceful end could wait for ever on a dead one. */
  private disconnect(): void {
    this.client?.connection.stream.destroy();
  }

  private report(reason?: unknown): void {
    const connected = this.isCurrent(this.clock.elapsed());
    if (connected !== this.connected) this.observer.connection(connected, reason);
    this.connected = connected;
  }
}
