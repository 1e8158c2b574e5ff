import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { TestApp } from './app.js';

/** The requests of one connection, and how they are sent. */
export interface Exchange {
  /** Sent in this order without waiting for answers. The last one makes the server close the connection. */
  readonly requests: readonly Buffer[];
  /** The number of pieces that the bytes are sent in. */
  readonly pieces: number;
  /** Whether the client ends the connection in the middle of its last request. */
  readonly truncated: boolean;
}

/** An exchange in progress. */
export class Conversation {
  private received = '';
  private readonly closed: Promise<void>;

  private constructor(
    private readonly socket: Socket,
    private readonly exchange: Exchange,
  ) {
    this.closed = new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject));
    this.closed.catch(() => {}); // `finish` reports the error.
    socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
  }

  /** Connects, and sends the first byte. */
  static async begin(app: TestApp, exchange: Exchange): Promise<Conversation> {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const conversation = new Conversation(socket, exchange);
    await new Promise<void>((resolve, reject) =>
      socket.write(exchange.requests[0].subarray(0, 1), (error) => (error ? reject(error) : resolve())),
    );
    return conversation;
  }

  /** Sends the rest. Returns all bytes received, as Latin-1, once the server has closed the connection. */
  async finish(): Promise<string> {
    const { requests, pieces, truncated } = this.exchange;
    const bytes = Buffer.concat(requests);
    const size = Math.ceil((bytes.length - 1) / pieces);
    for (let at = 1; at < bytes.length; at += size) {
      this.socket.write(bytes.subarray(at, at + size));
      await setImmediate();
    }
    if (truncated) this.socket.end();
    await this.closed;
    return this.received;
  }
}
