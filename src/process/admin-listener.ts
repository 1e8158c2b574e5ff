import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { createAdmin } from '../app/admin-listener.js';
import type { ServerOptions } from '../app/server.js';
import { adminListenFailure } from '../app/start-error.js';
import { type AdminReadyMessage, isAdminConnectionMessage, isAdminOfferMessage } from './worker-messages.js';

/** How long the operator's requests under way may take when the server stops, in milliseconds. */
const drainMs = 3_000;

/** The operator's listener of this process. */
export interface AdminListener {
  /** Undefined in a worker, whose primary has the port. */
  readonly port?: number;
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
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return { port, stop: () => stop(app, Promise.resolve()) };
};

/** Opens it in a worker, for the connections that the primary sends. */
export const takeFromPrimary: OpenAdmin = async (server, options) => {
  const { worker } = cluster;
  if (!options.config.operations.admin || !worker) return undefined;
  const app = await createAdmin(server, options);
  await app.init();
  const http = app.getHttpServer() as Server;
  http.emit('listening'); // From this event on, Node watches the time limits of connections.
  // A connection that were kept would wait for this worker, even if it is suspended meanwhile.
  http.maxRequestsPerSocket = 1;
  const open = new Set<Socket>();
  let stopping = false;
  worker.on('message', (message: unknown, socket: unknown) => {
    if (isAdminOfferMessage(message) && !stopping) {
      const ready: AdminReadyMessage = { type: 'admin_ready' };
      worker.send(ready, () => {}); // If the primary is gone, so is the connection.
    } else if (isAdminConnectionMessage(message) && socket instanceof Socket) {
      if (stopping) {
        socket.destroy();
        return;
      }
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      http.emit('connection', socket);
    }
  });
  return {
    stop: () => {
      stopping = true;
      return stop(app, Promise.all([...open].map((socket) => once(socket, 'close'))));
    },
  };
};

/** @param drained resolves when the connections are closed that the server itself does not count */
async function stop(app: INestApplication, drained: Promise<unknown>): Promise<void> {
  const server = app.getHttpServer() as Server;
  // A connection that is in use now is closed as soon as it is idle.
  server.keepAliveTimeout = 1;
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  await app.close();
  await drained;
  clearTimeout(deadline);
}
