// Runs the embedded PostgreSQL in a thread of its own. Plain JavaScript, so that Node can load it unchanged,
// from a build and from a test.
import { setFlagsFromString } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { copyTemplate } from './template.js';

/**
 * All connections share one session, so PostgreSQL sends a notification to the connection that made it or is
 * answered next. This class reads notifications from the stream of answers and posts them to the process as
 * well, because the process's own connections may not get them.
 */
class Notifications {
  static type = 'A'.charCodeAt(0);

  /** The bytes at the end that are not a whole message yet. */
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
 * The socket server may switch to another connection after each message, unless a transaction is open. But an
 * extended query is several messages that end with a Sync, and all connections share one session. Between two
 * of them, another connection's query would replace the unnamed statement, and one connection would get the
 * other's rows. So the messages are held until the Sync, count as a transaction until then, and run together.
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
   * Runs the socket server's ROLLBACK for a connection that was closed. If it was closed within a query and
   * outside a transaction, there is nothing to roll back, and PostgreSQL's answer would reach the connection
   * that was answered last.
   * @override
   * @type {PGlite['exec']}
   */
  async exec(query, options) {
    const withinQuery = this.held.length > 0;
    this.held = [];
    return withinQuery && !this.isInTransaction() ? [] : super.exec(query, options);
  }
}

// V8 optimises a function of WebAssembly once it has run for so long. Its own limit is so low on Node 20 (1,800,000) that a
// start spends as much time on that as on PostgreSQL itself; what a server runs often is optimised all the same.
setFlagsFromString('--wasm-tiering-budget=100000000');

const [dataDir, socketPath, channel, first] = process.argv.slice(2);
if (first === 'first') {
  const noTemplate = copyTemplate(dataDir);
  if (noTemplate !== undefined) parentPort?.postMessage({ noTemplate });
}

// Its own default of 128 MB and more would be filled over time: the files are in the system's cache as well.
const memory = ['-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB'];
const database = new WholeQueries({ dataDir, startParams: [...PGlite.defaultStartParams, ...memory] });
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
