import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { LocatedRequest } from '../request/located-request.js';
import type { ObservedResponse } from '../response/reply.js';
import { closeGently } from './gentle-close.js';

/** A connection, from its first byte to its end. */
interface Connection {
  /** The answers that it still owes, in the order of their requests. */
  readonly owed: ObservedResponse[];
  /** The last answer that is over, if its request is not: the rest of that request is no request of its own. */
  early?: ObservedResponse;
  /** Whether it ends behind the last of those that it owes. */
  closing: boolean;
  /** Whether something was received that is not a request. */
  failed: boolean;
  /** Whether it has waited for its first request longer than the headers of one may take. */
  waiting: boolean;
  /** Called when the first of the owed answers is over. */
  readonly answered: (this: ObservedResponse) => void;
}

/**
 * The open connections of a server: what each of them still owes to its client, and how it ends (RFC 9112 §9). A client
 * that half-closes its connection gets every answer that it is owed.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  /** The TCP connections below those that are encrypted, or will be. */
  private readonly carriers = new Set<Socket>();

  /**
   * @param server not listening yet
   * @param encrypted whether it speaks TLS
   * @param over is called when an answer is over: it was sent, or its client has left
   */
  constructor(
    private readonly server: Server,
    encrypted: boolean,
    private readonly over: (response: ObservedResponse) => void,
  ) {
    Object.assign(server, { httpAllowHalfOpen: true }); // Node's types lack it.
    if (encrypted) server.on('connection', (socket: Socket) => this.carry(socket));
    server.on(encrypted ? 'secureConnection' : 'connection', (socket: Socket) => this.add(socket));
  }

  /**
   * Takes note of a request.
   * @param last whether the server ends the connection behind its answer
   * @returns false for a request that must not be processed: it follows one whose answer ends the connection (RFC 9112
   *   §9.6), so its client would never learn what became of it
   */
  begin({ socket }: LocatedRequest, response: ObservedResponse, last: boolean): boolean {
    const connection = this.open.get(socket);
    if (!connection || connection.closing) return false;
    if (connection.waiting) {
      connection.waiting = false;
      socket.setTimeout(this.server.timeout);
    }
    connection.owed.push(response);
    response.on('close', connection.answered);
    connection.closing = last || !response.shouldKeepAlive;
    return true;
  }

  /**
   * Ends a connection on which something was received that is not a request, behind the answers that it owes.
   * @param answer the answer to that input, with the correlation id of the request that it belongs to, if there is one
   * @param sent called when it is sent; it is not where the input belongs to a request, or the client has left
   */
  fail(socket: Socket, answer: (correlationId?: string) => string, sent: () => void): void {
    const connection = this.open.get(socket);
    // While TLS is being negotiated, no answer could be read.
    if (!connection) socket.destroy();
    else if (socket.writable && !connection.failed) this.refuse(socket, connection, answer, sent);
  }

  /**
   * Keeps a connection that is as old as the headers of a request may be, and on which no request has begun, as long as
   * one that has been used: a client may open connections before it needs them.
   * @returns false for a connection on which something was received
   */
  keepUnused(socket: Socket): boolean {
    const connection = this.open.get(socket);
    if (!connection || socket.bytesRead > 0) return false;
    connection.waiting = true;
    // The headers of its first request may take as long as any.
    socket.setTimeout(Math.max(this.server.keepAliveTimeout, this.server.headersTimeout));
    return true;
  }

  /** Closes the connections on which nothing was ever received; Node's own method takes them for busy. */
  closeUnused(): void {
    for (const socket of this.open.keys()) if (socket.bytesRead === 0) closeGently(socket);
    for (const socket of this.carriers) if (socket.bytesRead === 0) socket.destroy();
  }

  private carry(socket: Socket): void {
    this.carriers.add(socket);
    socket.once('close', () => this.carriers.delete(socket));
  }

  private add(socket: Socket): void {
    const owed: ObservedResponse[] = [];
    const { over } = this;
    // A function for each connection, not one for each request.
    function answered(this: ObservedResponse): void {
      const response = owed.shift();
      connection.early = response?.req.complete === false ? response : undefined;
      over(this);
    }
    const connection: Connection = { owed, closing: false, failed: false, waiting: false, answered };
    this.open.set(socket, connection);
    socket.once('close', () => this.open.delete(socket));
    // Node calls this behind the last answer. Its own method resets the connection if input is left unread.
    socket.destroySoon = () => closeGently(socket);
  }

  private refuse(
    socket: Socket,
    connection: Connection,
    answer: (correlationId?: string) => string,
    sent: () => void,
  ): void {
    const { owed, closing } = connection;
    const last = owed.at(-1) ?? connection.early;
    Object.assign(connection, { failed: true, closing: true });
    if (last?.req.complete === false) {
      // The input belongs to this request, which may have been answered already.
      whenOver(owed.at(-2), () => {
        if (last.headersSent) whenOver(owed.at(-1), () => closeGently(socket));
        else closeGently(socket, answer(last.correlationId));
      });
    } else if (!closing) {
      whenOver(owed.at(-1), () => {
        if (!socket.writable) return;
        closeGently(socket, answer());
        sent();
      });
    }
  }
}

/** Acts when an answer that was owed is over; at once where there is none. */
function whenOver(response: ObservedResponse | undefined, act: () => void): void {
  if (response) response.once('close', act);
  else act();
}
