import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { channel } from '../../src/storage/postgres/notification.js';

/** What happens to a connection from its `LISTEN` on. */
type Fate =
  | 'delivered'
  /** Both ends take it for open, but nothing that is sent over it arrives any more. */
  | 'frozen'
  /** It stays in use, but `LISTEN` never reaches the server, as behind a pooler that keeps no sessions. */
  | 'swallowed';

/** A PostgreSQL server's answer to a successful `LISTEN`: CommandComplete, ReadyForQuery. */
const success = Buffer.from('C\0\0\0\x0bLISTEN\0Z\0\0\0\x05I', 'latin1');

/** A proxy to a PostgreSQL server that can break the connections that listen to changes, and no others. */
export class ListeningWire {
  private readonly server = createServer({ allowHalfOpen: true }, (socket) => this.join(socket));
  private readonly clients = new Set<Socket>();
  private readonly listening = new Set<Socket>();
  private readonly lost = new WeakSet<Socket>();
  private fate: Fate = 'delivered';
  /** The number of connections that have sent `LISTEN` so far. */
  listens = 0;
  private readonly changes = new EventEmitter();

  private constructor(private readonly target: URL) {}

  /** @param url of the database, without TLS */
  static async to(url: string): Promise<ListeningWire> {
    const wire = new ListeningWire(new URL(url));
    await once(wire.server.listen(0, '127.0.0.1'), 'listening');
    return wire;
  }

  /** The database's URL through this wire. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Freezes the connections that listen now, and each one that begins to listen before `restore`. */
  freeze(): void {
    this.fate = 'frozen';
    for (const client of this.listening) this.lost.add(client);
  }

  /** Swallows the `LISTEN` of new connections. */
  swallow(): void {
    this.fate = 'swallowed';
  }

  /** Lets new connections listen. */
  restore(): void {
    this.fate = 'delivered';
  }

  /** Ends the connections that listen. */
  cut(): void {
    for (const client of this.listening) client.destroy();
  }

  /** Resolves when this many connections have sent `LISTEN`. */
  async listened(times: number): Promise<void> {
    while (this.listens < times) await once(this.changes, 'change');
  }

  /** Resolves when no connection listens any more: each client has closed its end. */
  async unused(): Promise<void> {
    while (this.listening.size > 0) await once(this.changes, 'change');
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const client of this.clients) client.destroy();
    await closed;
  }

  private join(client: Socket): void {
    const upstream = connect({ host: this.target.hostname, port: Number(this.target.port || 5432) });
    this.clients.add(client);
    client.on('data', (data) => {
      const swallowed = data.includes(`LISTEN ${channel}`) && this.listen(client);
      if (swallowed) client.write(success);
      else if (!this.lost.has(client)) upstream.write(data);
    });
    upstream.on('data', (data) => this.lost.has(client) || client.write(data));
    client.on('error', () => {});
    upstream.on('error', () => {});
    upstream.on('close', () => this.lost.has(client) || client.destroy());
    client.on('end', () => {
      this.leave(client);
      // A frozen connection does not receive the end of the connection, either.
      if (!this.lost.has(client)) client.end();
    });
    client.on('close', () => {
      this.leave(client);
      this.clients.delete(client);
      upstream.destroy();
    });
  }

  private leave(client: Socket): void {
    this.listening.delete(client);
    this.changes.emit('change');
  }

  /** Records a connection that listens. Returns whether to swallow its `LISTEN`. */
  private listen(client: Socket): boolean {
    this.listening.add(client);
    if (this.fate === 'frozen') this.lost.add(client);
    this.listens += 1;
    this.changes.emit('change');
    return this.fate === 'swallowed';
  }
}
