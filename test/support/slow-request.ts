import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { appCredentials } from './configuration.js';
import type { ServerProcess } from './server-process.js';

/** The form of a token request by the client `app`. */
export const tokenRequest = new URLSearchParams({ grant_type: 'client_credentials', ...appCredentials });

/** The answers of a stopping server to a slow request and to the request for `/readyz` after it. */
export const answeredWhileStopping =
  /^HTTP\/1\.1 200 OK\r\n[^]*\{"access_token":"sya_[^}]*\}HTTP\/1\.1 503 Service Unavailable\r\n/;

/** A token request in progress: the server has its head, and waits for its body. */
export class SlowRequest {
  /** Resolves with all bytes received, once the server has closed the connection. */
  readonly closed: Promise<string>;
  private received = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    socket.on('error', () => {}); // A server that is killed resets the connection.
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(this.received)));
  }

  static async begin({ port }: ServerProcess): Promise<SlowRequest> {
    const socket = connect(port, '127.0.0.1');
    const request = new SlowRequest(socket);
    socket.write(
      'POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n' +
        'Content-Type: application/x-www-form-urlencoded\r\n' +
        `Content-Length: ${tokenRequest.toString().length}\r\n\r\n`,
    );
    await once(socket, 'data');
    expect(request.received).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    request.received = '';
    return request;
  }

  /** Sends the body and, right after it, a request for `/readyz`. Resolves as `closed` does. */
  async finish(): Promise<string> {
    this.socket.write(`${tokenRequest.toString()}GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return this.closed;
  }
}
