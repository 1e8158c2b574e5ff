import { once } from 'node:events';
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Socket } from 'node:net';
import { claimFolder, dataFolder } from '../../src/storage/embedded/folder.js';
import type { Connection } from '../../src/storage/postgres/data-source.js';
import { startDatabase } from '../storage/running-database.js';
import { TestApp, type TestAppOptions } from './app.js';
import { temporaryFolder } from './database.js';

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
export async function startBehindRelay(options: TestAppOptions): Promise<AppBehindRelay> {
  const running = await startDatabase();
  const between = await relayTo(running.connection);
  const settings = { ...options.settings, ...between.settings };
  const app = await TestApp.start({ ...options, settings });
  const stop = async () => {
    await app.stop();
    await between.close();
    await running.stop();
  };
  return { app, database: between.relay, stop };
}

/** A relay to a database, and settings that name the database behind it. */
interface DatabaseRelay {
  readonly relay: Relay;
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

function relayTo(connection: Connection): Promise<DatabaseRelay> {
  return 'url' in connection ? relayToServer(connection.url) : relayToEmbedded(connection.host);
}

async function relayToServer(target: string): Promise<DatabaseRelay> {
  const url = new URL(target);
  const { hostname: host, port } = url;
  const relay = await Relay.open({ host: '127.0.0.1', port: 0 }, { host, port: Number(port || 5432) });
  url.hostname = '127.0.0.1';
  url.port = String(relay.port);
  return { relay, settings: { DATABASE_URL: url.href }, close: () => relay.cut() };
}

/** A folder that looks like the one in which the database runs. */
async function relayToEmbedded(host: string): Promise<DatabaseRelay> {
  const folder = dataFolder(await temporaryFolder());
  const release = await claimFolder(folder);
  const relay = await Relay.open({ path: folder.socket }, { path: dataFolder(host).socket });
  const close = async () => {
    await relay.cut();
    await release();
  };
  return { relay, settings: { DATA_DIR: folder.path }, close };
}
