import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { TestApp } from './app.js';

/** What is sent on one connection. */
export interface Exchange {
  /** One behind the other, without waiting for answers; the last makes the server close. */
  readonly requests: readonly Buffer[];
  /** How many pieces the bytes go out in. */
  readonly pieces: number;
  /** Whether the client ends in the middle of its last request. */
  readonly truncated: boolean;
}

/** An exchange that goes on. */
export class Conversation {
  private received = '';
  private readonly closed: Promise<void>;

  private constructor(
    private readonly socket: Socket,
    private readonly exchange: Exchange,
  ) {
    this.closed = new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject));
    this.closed.catch(() => {}); // It is heard by `finish`.
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

  /** Sends the rest; all that came back, as Latin-1, when the server has closed the connection. */
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
