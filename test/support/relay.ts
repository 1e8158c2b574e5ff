import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { TestApp, type TestAppOptions } from './app.js';
import { createDatabase, onServer } from './database.js';

/** Passes bytes on between a client and a server, until it is told to stand in for a server that is away. */
class Relay {
  private readonly server = createServer((socket) => this.pass(socket));
  private readonly sockets = new Set<Socket>();
  private hanging = false;
  private place: ListenOptions;

  private constructor(
    at: ListenOptions,
    private readonly target: NetConnectOpts,
  ) {
    this.place = at;
  }

  static async open(at: ListenOptions, target: NetConnectOpts): Promise<Relay> {
    const relay = new Relay(at, target);
    await relay.listen();
    return relay;
  }

  get port(): number {
    return this.place.port ?? 0;
  }

  /** As a server that has ended: every connection is closed, and new ones are refused. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** As a server that has been stopped: connections stay, new ones are taken, and nothing answers. */
  async hang(): Promise<void> {
    this.hanging = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Ends what `cut` or `hang` began. */
  async restore(): Promise<void> {
    this.hanging = false;
    for (const socket of this.sockets) socket.resume();
    if (!this.server.listening) await this.listen();
  }

  private async listen(): Promise<void> {
    this.server.listen(this.place);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address) this.place = { port: address.port, host: address.address };
  }

  private pass(client: Socket): void {
    const upstream = connect({ ...this.target, allowHalfOpen: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      this.sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {});
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.hanging) from.pause();
    }
  }
}

/** An application whose database can be taken away. */
export interface AppBehindRelay {
  readonly app: TestApp;
  readonly database: Pick<Relay, 'cut' | 'hang' | 'restore'>;
  stop(): Promise<void>;
}

/** Starts an application with a relay between it and its database, embedded or not. */
export function startBehindRelay(options: TestAppOptions): Promise<AppBehindRelay> {
  return onServer ? startBeforeServer(options) : startBeforeEmbedded(options);
}

async function startBeforeServer(options: TestAppOptions): Promise<AppBehindRelay> {
  const own = await createDatabase();
  const url = new URL(own.settings.DATABASE_URL);
  const target = { host: url.hostname, port: Number(url.port || 5432) };
  const relay = await Relay.open({ host: '127.0.0.1', port: 0 }, target);
  url.hostname = '127.0.0.1';
  url.port = String(relay.port);
  const app = await TestApp.start({ ...options, settings: { ...options.settings, DATABASE_URL: url.href } });
  const stop = async () => {
    await app.stop();
    await relay.cut();
    await own.drop();
  };
  return { app, database: relay, stop };
}

/** The relay takes the place of the database's socket, and connections that were made before make way for new ones. */
async function startBeforeEmbedded(options: TestAppOptions): Promise<AppBehindRelay> {
  const app = await TestApp.start(options);
  const dataSource = app.nest.get(DataSource);
  const { host: folder } = dataSource.options as { host: string };
  const path = join(folder, '.s.PGSQL.5432');
  const moved = join(folder, '.s.moved');
  await rename(path, moved);
  const relay = await Relay.open({ path }, { path: moved });
  const { master: pool } = dataSource.driver as unknown as { master: Pool };
  const direct = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  for (const connection of direct) connection.release(true);
  const stop = async () => {
    await app.stop();
    await relay.cut();
  };
  return { app, database: relay, stop };
}
