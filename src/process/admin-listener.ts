import cluster, { type Worker } from 'node:cluster';
import type { Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { createAdmin } from '../app/admin-listener.js';
import type { ServerOptions } from '../app/server.js';
import { adminListenFailure } from '../app/start-error.js';
import { type AdminReadyMessage, isAdminConnectionMessage, isAdminOfferMessage } from './worker-messages.js';

/** When the server stops, the operator's requests under way may take `drainMs`, everything `stopMs`, in milliseconds. */
const drainMs = 3_000;
const stopMs = 3_500;

/** The operator's listener of this process. */
export interface AdminListener {
  /** Undefined in a worker, whose primary has the port. */
  readonly port?: number;
  readonly server: Server;
  /** Takes no new requests, and answers those under way. */
  stop(): Promise<void>;
}

/** Opens the operator's listener on the core of a running server; undefined when it is off. */
export type OpenAdmin = (
  server: INestApplication,
  options: ServerOptions,
) => Promise<AdminListener | undefined>;

/**
 * Opens it on its own port.
 * @throws StartFailed when the port cannot be opened
 */
export const listenForAdmin: OpenAdmin = async (server, options) => {
  const address = options.config.operations.admin;
  if (!address) return undefined;
  const app = await createAdmin(server, options);
  try {
    await app.listen(address.port, address.host);
  } catch (error) {
    throw adminListenFailure(error);
  }
  const httpServer = app.getHttpServer() as Server;
  const { port } = httpServer.address() as AddressInfo;
  return { port, server: httpServer, stop: () => stop(app, undefined) };
};

/** Opens it in a worker, for the connections that the primary sends. */
export const takeFromPrimary: OpenAdmin = async (server, options) => {
  const { worker } = cluster;
  if (!options.config.operations.admin || !worker) return undefined;
  const app = await createAdmin(server, options);
  await app.init();
  const httpServer = app.getHttpServer() as Server;
  const connections = new SentConnections(worker, httpServer);
  return { server: httpServer, stop: () => stop(app, connections.closed()) };
};

/** The connections that the primary sends to a worker. The server itself does not count them. */
class SentConnections {
  private readonly open = new Set<Socket>();
  private stopping = false;
  private allClosed = () => {};

  constructor(
    private readonly worker: Worker,
    private readonly server: Server,
  ) {
    server.emit('listening'); // From this event on, Node watches the time limits of connections.
    // A connection that is kept would wait for this worker even while it is suspended.
    server.maxRequestsPerSocket = 1;
    worker.on('message', (message: unknown, socket: unknown) => {
      if (isAdminOfferMessage(message)) this.answer();
      else if (isAdminConnectionMessage(message) && socket instanceof Socket) this.take(socket);
    });
  }

  /** Takes no more connections, and resolves when all are closed. */
  closed(): Promise<void> {
    this.stopping = true;
    return new Promise((resolve) => {
      this.allClosed = resolve;
      if (this.open.size === 0) resolve();
    });
  }

  private answer(): void {
    if (this.stopping) return;
    const ready: AdminReadyMessage = { type: 'admin_ready' };
    this.worker.send(ready, () => {}); // If the primary is gone, so is the connection.
  }

  private take(socket: Socket): void {
    if (this.stopping) {
      socket.destroy();
      return;
    }
    this.open.add(socket);
    // As of a connection that the server accepts itself: its client may half-close it and wait for the answer.
    socket.allowHalfOpen = true;
    socket.once('close', () => {
      this.open.delete(socket);
      if (this.open.size === 0) this.allClosed();
    });
    this.server.emit('connection', socket);
  }
}

/**
 * Stops an application, whatever its clients do.
 * @param drained resolves when the connections are closed that the server itself does not count
 */
async function stop(app: INestApplication, drained: Promise<void> | undefined): Promise<void> {
  const server = app.getHttpServer() as Server;
  // A connection that is in use now is closed as soon as it is idle.
  server.keepAliveTimeout = 1;
  setTimeout(() => server.closeAllConnections(), drainMs).unref();
  // Connections whose TLS handshake is not over are not among those that are closed.
  await Promise.race([Promise.all([app.close(), drained]), delay(stopMs, undefined, { ref: false })]);
}
