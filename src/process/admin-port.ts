import type { Worker } from 'node:cluster';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Logger } from 'pino';
import { adminListenFailure } from '../app/start-error.js';
import { logFault } from '../observability/fault.js';
import {
  type AdminConnectionMessage,
  type AdminOfferMessage,
  isAdminReadyMessage,
} from './worker-messages.js';

/** How long a worker has to say that it can take a connection before another one is asked, too, in milliseconds. */
const answerMs = 300;
/** How many connections may wait for a worker, and for how many milliseconds. */
const maxWaiting = 100;
const waitMs = 10_000;

/**
 * The operator's port of a server with workers. Node's own sharing of a port hands connections to workers in turn,
 * whether they run or not, so a suspended worker would keep its connections waiting for ever. Here the primary asks a
 * worker first, and sends the connection when it has answered. A worker that has not answered yet is not asked again,
 * so a suspended one delays a single connection.
 */
export class AdminPort {
  private readonly server: Server = createServer({ pauseOnConnect: true }, (socket) => this.accept(socket));
  /** Workers that have answered; the one that took a connection last is the last. */
  private readonly ready: Worker[] = [];
  /** Workers that have been asked, each with the deadline of its answer. */
  private readonly asked = new Map<Worker, NodeJS.Timeout>();
  /** Connections in the order they came, each with its deadline. */
  private readonly waiting = new Map<Socket, NodeJS.Timeout>();

  constructor(
    private readonly address: { readonly host: string; readonly port: number },
    private readonly log: Logger,
  ) {}

  /**
   * Opens the port.
   * @returns its number
   * @throws StartFailed when it cannot be opened
   */
  async listen(): Promise<number> {
    const { host, port } = this.address;
    try {
      await once(this.server.listen(port, host), 'listening');
    } catch (error) {
      throw adminListenFailure(error);
    }
    // A connection could not be accepted, as when the process has too many files open.
    this.server.on('error', (error) => logFault(this.log, error));
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on a worker gets connections, until it disconnects. */
  add(worker: Worker): void {
    worker.on('message', (message) => {
      if (isAdminReadyMessage(message)) this.answered(worker);
    });
    worker.once('disconnect', () => this.remove(worker));
    this.ready.push(worker);
    this.ask();
  }

  /** Accepts no more connections, and closes those that wait. Workers answer the requests under way. */
  close(): void {
    this.server.close();
    for (const deadline of [...this.asked.values(), ...this.waiting.values()]) clearTimeout(deadline);
    for (const socket of this.waiting.keys()) socket.destroy();
    this.asked.clear();
    this.waiting.clear();
  }

  private accept(socket: Socket): void {
    socket.on('error', () => {}); // Its client may reset it while it waits; it is closed then.
    if (this.waiting.size >= maxWaiting) {
      socket.destroy();
      return;
    }
    const deadline = setTimeout(() => {
      this.waiting.delete(socket);
      socket.destroy();
    }, waitMs);
    this.waiting.set(socket, deadline);
    this.ask();
  }

  /** Asks one worker more, if a connection waits. */
  private ask(): void {
    const worker = this.waiting.size > 0 ? this.ready.shift() : undefined;
    if (!worker) return;
    const deadline = setTimeout(() => this.ask(), answerMs);
    this.asked.set(worker, deadline);
    const message: AdminOfferMessage = { type: 'admin_offer' };
    worker.send(message, () => {}); // A worker that has just ended need not get it.
  }

  private answered(worker: Worker): void {
    clearTimeout(this.asked.get(worker));
    // It may have been removed meanwhile.
    if (!this.asked.delete(worker)) return;
    this.ready.push(worker);
    const [next] = this.waiting;
    if (!next) return;
    const [socket, deadline] = next;
    clearTimeout(deadline);
    this.waiting.delete(socket);
    const message: AdminConnectionMessage = { type: 'admin_connection' };
    // The connection is the worker's from now on. If the worker ends before it has received it, Node closes it.
    worker.send(message, socket, {}, (error) => {
      if (error) socket.destroy();
    });
    this.ask();
  }

  private remove(worker: Worker): void {
    clearTimeout(this.asked.get(worker));
    this.asked.delete(worker);
    const place = this.ready.indexOf(worker);
    if (place >= 0) this.ready.splice(place, 1);
    this.ask();
  }
}
