import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';
import type { Connection } from '../../src/storage/postgres/data-source.js';

/** A way to a database that can be made to fail as networks and servers do. */
export class BreakableWire {
  private readonly server: Server = createServer((socket) => this.join(socket));
  private readonly clients = new Set<Socket>();
  private hanging = false;
  private packetsLeft = Infinity;
  private port = 0;

  private constructor(private readonly target: NetConnectOpts) {}

  static async to(connection: Connection): Promise<BreakableWire> {
    const wire = new BreakableWire(targetOf(connection));
    await wire.listen();
    return wire;
  }

  /** How the database is reached through this wire. */
  through(connection: Connection): Connection {
    const url = new URL('url' in connection ? connection.url : 'postgres://localhost');
    if (!('url' in connection)) {
      url.username = connection.username;
      url.pathname = `/${connection.database}`;
    }
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return { url: url.href };
  }

  /** Ends every connection at once. New ones are taken. */
  cut(): void {
    for (const client of this.clients) client.destroy();
  }

  /** Ends every connection when this many packets more have gone to the database. */
  cutAfter(packets: number): void {
    this.packetsLeft = packets;
  }

  /** Connections stay and new ones are taken, but nothing gets through any more. */
  hang(): void {
    this.hanging = true;
    for (const client of this.clients) client.pause();
  }

  /** Connections look alive until something is sent over them: the other side has forgotten them. */
  forget(): void {
    for (const client of this.clients) {
      client.removeAllListeners('data');
      client.once('data', () => client.resetAndDestroy());
    }
  }

  /** Ends every connection and refuses new ones, until what this gives is called. */
  async refuse(): Promise<() => Promise<void>> {
    await this.close();
    return () => this.listen();
  }

  restore(): void {
    this.hanging = false;
    for (const client of this.clients) client.resume();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    ({ port: this.port } = this.server.address() as AddressInfo);
  }

  private join(client: Socket): void {
    const database = connect(this.target);
    this.clients.add(client);
    client.on('data', (data) => {
      database.write(data);
      this.packetsLeft -= 1;
      if (this.packetsLeft === 0) this.cut();
    });
    database.on('data', (data) => client.write(data));
    client.on('error', () => {});
    database.on('error', () => client.destroy());
    database.on('close', () => client.destroy());
    client.on('close', () => {
      this.clients.delete(client);
      database.destroy();
    });
    if (this.hanging) client.pause();
  }
}

function targetOf(connection: Connection): NetConnectOpts {
  if (!('url' in connection)) return { path: `${connection.host}/.s.PGSQL.5432` };
  const { hostname, port } = new URL(connection.url);
  return { host: hostname, port: Number(port || 5432) };
}
