import { once } from 'node:events';
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Connection } from '../../src/storage/postgres/data-source.js';

/** Sees what passes over one connection, and decides what arrives of the answers. */
export interface WireFilter {
  /** These bytes go to the server. */
  request(data: Buffer): void;
  /** What goes to the client of bytes from the server; `cut` ends the connection after that. */
  answer(data: Buffer): { readonly data: Buffer; readonly cut: boolean };
}

/** Passes bytes between clients and a server, and can be made to fail as networks and servers do. */
export class Wire {
  private readonly server = createServer({ allowHalfOpen: true }, (socket) => this.pass(socket));
  private readonly clients = new Set<Socket>();
  private hanging = false;
  private packetsLeft = Infinity;
  private commitCut?: 'before' | 'behind';

  private constructor(
    private place: ListenOptions,
    private readonly target: NetConnectOpts,
    private readonly newFilter: () => WireFilter,
  ) {}

  /**
   * @param place where it listens; a free port of the loopback when left out
   * @param newFilter makes the filter of a new connection; when left out, all bytes pass
   */
  static async open(
    target: NetConnectOpts,
    place: ListenOptions = { host: '127.0.0.1', port: 0 },
    newFilter: () => WireFilter = () => noFilter,
  ): Promise<Wire> {
    const wire = new Wire(place, target, newFilter);
    await wire.listen();
    return wire;
  }

  /** Opens one to a database, over TCP whatever the database listens on. */
  static to(connection: Connection): Promise<Wire> {
    return Wire.open(targetOf(connection));
  }

  /** How the database is reached over this wire. */
  through(connection: Connection): { readonly url: string } {
    const url = new URL('url' in connection ? connection.url : 'postgres://localhost');
    if (!('url' in connection)) {
      url.username = connection.username;
      url.pathname = `/${connection.database}`;
    }
    url.hostname = '127.0.0.1';
    url.port = String(this.place.port);
    return { url: url.href };
  }

  /** Ends every connection at once. New ones are accepted. */
  drop(): void {
    for (const client of this.clients) client.destroy();
  }

  /** Ends every connection when this many packets more have gone to the server. */
  dropAfter(packets: number): void {
    this.packetsLeft = packets;
  }

  /** Ends the connection over which the next `COMMIT` is sent: before it arrives, or behind it, when its answer is lost. */
  cutAtCommit(place: 'before' | 'behind'): void {
    this.commitCut = place;
  }

  /** Connections look open until something is sent over them: the server has forgotten them. */
  forget(): void {
    for (const client of this.clients) {
      client.removeAllListeners('data');
      client.once('data', () => client.resetAndDestroy());
    }
  }

  /** As a server that has been suspended: connections stay, new ones are accepted, and nothing answers. */
  hang(): void {
    this.hanging = true;
    for (const client of this.clients) client.pause();
  }

  /** As a server that has ended: every connection is closed, and new ones are refused. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.drop();
    await closed;
  }

  /** Ends what `hang` or `refuse` began. */
  async restore(): Promise<void> {
    this.hanging = false;
    for (const client of this.clients) client.resume();
    if (!this.server.listening) await this.listen();
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.refuse();
  }

  private async listen(): Promise<void> {
    this.server.listen(this.place);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address) this.place = { port: address.port, host: address.address };
  }

  private pass(client: Socket): void {
    const server = connect({ ...this.target, allowHalfOpen: true });
    const filter = this.newFilter();
    this.clients.add(client);
    let deaf = false;
    client.on('data', (data) => {
      filter.request(data);
      const cut = hasCommit(data) ? this.commitCut : undefined;
      if (cut !== undefined) this.commitCut = undefined;
      if (cut === 'before') {
        client.destroy();
        return;
      }
      deaf ||= cut === 'behind';
      server.write(data);
      this.packetsLeft -= 1;
      if (this.packetsLeft === 0) this.drop();
    });
    server.on('data', (data) => {
      if (deaf) {
        if (hasCommit(data)) client.destroy();
        return;
      }
      const answer = filter.answer(data);
      if (answer.cut) client.end(answer.data, () => client.destroy());
      else client.write(answer.data);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ]) {
      one.on('error', () => {});
      one.on('end', () => other.end());
      one.once('close', () => other.destroy());
    }
    client.once('close', () => this.clients.delete(client));
    if (this.hanging) client.pause();
  }
}

const noFilter: WireFilter = {
  request() {},
  answer: (data) => ({ data, cut: false }),
};

/** Whether it is a `COMMIT` or its answer. A transaction begins with an isolation level, which may be READ COMMITTED. */
function hasCommit(data: Buffer): boolean {
  return /COMMIT(?!TED)/.test(data.toString('latin1'));
}

/** Where a database listens. */
export function targetOf(connection: Connection): NetConnectOpts {
  if (!('url' in connection)) return { path: join(connection.host, '.s.PGSQL.5432') };
  const { hostname, port } = new URL(connection.url);
  return { host: hostname, port: Number(port || 5432) };
}
