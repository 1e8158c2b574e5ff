// Runs the embedded PostgreSQL in a thread of its own. Plain JavaScript, so that Node can load it as it
// stands here, from a build and from a test alike.
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * Notifications go to the session, that is to whichever connection made them or is answered next: here they are
 * taken from the stream of answers and told to the process as well, whose own connections may not be among those.
 */
class Notifications {
  static type = 'A'.charCodeAt(0);

  /** What came last without being a whole message. */
  rest = Buffer.alloc(0);

  /** @param {Uint8Array} data */
  read(data) {
    this.rest = Buffer.concat([this.rest, data]);
    while (this.rest.length >= 5) {
      const length = 1 + this.rest.readInt32BE(1);
      if (this.rest.length < length) return;
      if (this.rest[0] === Notifications.type) this.tell(this.rest.subarray(0, length));
      this.rest = this.rest.subarray(length);
    }
  }

  /** @param {Buffer} message type, length and process as 9 bytes, then channel and payload, each with a zero behind it */
  tell(message) {
    const [, payload] = message.toString('utf8', 9).split('\0');
    parentPort?.postMessage({ payload });
  }
}

/**
 * The socket server takes turns between connections after each message unless a transaction is open. But an
 * extended query is several messages up to its Sync, and all connections share one session: in between, another
 * connection's query would take the place of its unnamed statement, and one would get the other's rows. So the
 * messages are held until the Sync, count as a transaction until then, and run as one.
 */
class WholeQueries extends PGlite {
  /** Parse, Bind, Describe, Execute, Close. */
  static parts = new Set(Buffer.from('PBDEC'));
  static sync = 'S'.charCodeAt(0);

  /** @type {Uint8Array[]} */
  held = [];

  notifications = new Notifications();

  /** @override */
  isInTransaction() {
    return this.held.length > 0 || super.isInTransaction();
  }

  /**
   * @override
   * @type {PGlite['execProtocolRawStream']}
   */
  async execProtocolRawStream(message, options) {
    if (WholeQueries.parts.has(message[0])) {
      this.held.push(message);
      return;
    }
    const query = message[0] === WholeQueries.sync ? Buffer.concat([...this.held, message]) : message;
    this.held = [];
    await super.execProtocolRawStream(query, {
      ...options,
      onRawData: (data) => {
        this.notifications.read(data);
        options?.onRawData(data);
      },
    });
  }

  /**
   * Does the socket server's ROLLBACK for a connection that has gone. Within a query it had begun nothing, and
   * what PostgreSQL says to a ROLLBACK then would reach the connection that was answered last.
   * @override
   * @type {PGlite['exec']}
   */
  async exec(query, options) {
    const withinQuery = this.held.length > 0;
    this.held = [];
    return withinQuery && !this.isInTransaction() ? [] : super.exec(query, options);
  }
}

const [dataDir, socketPath, channel] = process.argv.slice(2);

const database = new WholeQueries({ dataDir });
await database.waitReady;
await database.query(`LISTEN ${channel}`);
const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 100 });
await server.start();

async function close() {
  await server.stop();
  await database.close();
  parentPort?.close();
}

parentPort?.once('message', () => void close());
parentPort?.postMessage('ready');
