import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { Database } from './database.js';
import { heartbeatPayload, channel, notify, readPayload } from './notification.js';

/** How often a sign of life is sent, in milliseconds. */
const heartbeatEveryMs = 2_000;

/** A sign of life that came back counts for so long from when it was sent, in milliseconds. */
const currentForMs = 5_000;

/** How long after a connection was lost the next is tried, in milliseconds. */
const reconnectAfterMs = 1_000;

/** Told when changes begin to be heard, and when they are not heard any more, with the reason where one is known. */
export type ConnectionObserver = (heard: boolean, reason?: unknown) => void;

/**
 * Hears the changes of all nodes by `LISTEN`, on a connection of its own. Whether it does is proved, not believed:
 * every two seconds it notifies itself, by way of the pool, and it is current only while the last such sign of life
 * to come back was sent less than five seconds ago. Notifications come in the order of commits, so whatever had
 * been committed before that sign was heard before it. A pooler that swallows `LISTEN`, a connection that is dead
 * and does not know it, and a process that stood still are all found out this way.
 */
export class PostgresChangeFeed extends ChangeFeed {
  /** When the last sign that came back was sent, by the clock's `elapsed`. */
  private receivedUpTo = -Infinity;
  /** When the last sign was sent, by the same clock. */
  private sentUpTo = -Infinity;
  /** As it was reported last. */
  private connected?: boolean;
  /** Tells this node's signs of life from the others'. */
  private readonly node = randomUUID();
  private client?: Client;
  private openedAt = -Infinity;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly observe: ConnectionObserver,
  ) {
    super();
  }

  isCurrent(now: number): boolean {
    return now - this.receivedUpTo < currentForMs;
  }

  /** Listens from now until `stop`, over as many connections as it takes. */
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

  /** Resolves when its connection has ended, with the reason where there is one. Never rejects. */
  private async listenOnce(): Promise<unknown> {
    const client = new Client(this.database.connectionOptions);
    this.client = client;
    this.openedAt = this.clock.elapsed();
    let reason: unknown;
    client.on('error', (error) => (reason = error));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    const ended = new Promise((resolve) => client.once('end', resolve));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
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
    // A connection over which signs do not come back may be dead without knowing it. One over which none was sent
    // for long, since the process stood still, is not blamed.
    if (this.sentUpTo > this.receivedUpTo && silentFor >= currentForMs) this.disconnect();
    this.sentUpTo = sentAt;
    try {
      await this.database.write(notify, [heartbeatPayload({ node: this.node, sentAt })]);
    } catch {
      // It does not come back then, and that tells all there is to tell.
    }
  }

  private receive(payload: string): void {
    const told = readPayload(payload);
    if ('change' in told) this.announce(told.change);
    else if (told.beat.node === this.node) this.receiveHeartbeat(told.beat.sentAt);
  }

  private receiveHeartbeat(sentAt: number): void {
    // Between two connections, and in a time that nobody vouches for, anything may have changed.
    if (!this.isCurrent(this.clock.elapsed())) this.announce('everything');
    this.receivedUpTo = Math.max(this.receivedUpTo, sentAt);
    this.report();
  }

  /** Ends the connection without a farewell, which could wait for ever on one that is dead. */
  private disconnect(): void {
    this.client?.connection.stream.destroy();
  }

  private report(reason?: unknown): void {
    const heard = this.isCurrent(this.clock.elapsed());
    if (heard !== this.connected) this.observe(heard, reason);
    this.connected = heard;
  }
}
