import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A request. A header value that is an array is sent as one line per element. */
export interface Ask {
  readonly method?: string;
  /** The request target, sent as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/**
 * An answer that tests compare as a whole. It lacks the headers that are about the connection or differ each
 * time.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: string;
}

/** Sends a request on a connection of its own. */
export function ask(
  app: { readonly url: string },
  { method = 'POST', path, headers = {}, body }: Ask,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Node would send the body of a GET without its length.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(app.url, { method, path, headers: { ...length, ...headers }, agent: false });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => void readAnswer(incoming).then(resolve, reject));
    outgoing.end(body);
  });
}

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  return { status: incoming.statusCode ?? 0, headers: comparable(incoming.headers), body };
}

function comparable(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const passing = ['connection', 'content-length', 'date', 'keep-alive', 'x-correlation-id'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !passing.includes(name)));
}

/** A connection that sends raw bytes, and reads the answers one by one. */
export class RawConnection {
  private received = Buffer.alloc(0);
  private closed = false;
  private wake: () => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    socket.once('close', () => {
      this.closed = true;
      this.wake();
    });
    // A server that has answered may close while we still send.
    socket.on('error', () => {});
  }

  static async open(app: { readonly url: string }): Promise<RawConnection> {
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawConnection(socket);
  }

  /** Resolves when the bytes are sent, or when they cannot be sent any more. */
  async send(bytes: string | Buffer): Promise<void> {
    await new Promise((resolve) => this.socket.write(bytes, resolve));
  }

  /** The next answer, which must have a Content-Length. */
  async answer(): Promise<Answer> {
    for (;;) {
      const answer = this.take();
      if (answer) return answer;
      if (this.closed) throw new Error(`closed after ${this.received.length} bytes of an answer`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Resolves when the server has asked for the body of a request (RFC 9110 §10.1.1). */
  async continued(): Promise<void> {
    const interim = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
    while (this.received.length < interim.length) {
      if (this.closed) throw new Error('closed without asking for the body');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    expect(this.received).toEqual(interim);
    this.received = Buffer.alloc(0);
  }

  /** Half-closes the connection: nothing more will be sent, but answers are read. */
  end(): void {
    this.socket.end();
  }

  /** Reads nothing more until the connection is closed. */
  pause(): void {
    this.socket.pause();
  }

  /** Resolves with the bytes that were received behind the last answer read, when the server has closed the connection. */
  async rest(): Promise<string> {
    while (!this.closed) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.received.toString('latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  /** Resets the connection: the client is gone, and will read no answer. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private take(): Answer | undefined {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [statusLine, ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const bodyEnd = end + 4 + Number(headers['content-length']);
    if (this.received.length < bodyEnd) return undefined;
    const body = this.received.toString('utf8', end + 4, bodyEnd);
    this.received = this.received.subarray(bodyEnd);
    return { status: Number(statusLine.split(' ')[1]), headers: comparable(headers), body };
  }
}

/** Sends the raw bytes of one request on a connection of its own, and returns the answer. */
export async function askRaw(app: { readonly url: string }, bytes: string | Buffer): Promise<Answer> {
  const connection = await RawConnection.open(app);
  try {
    await connection.send(bytes);
    return await connection.answer();
  } finally {
    connection.close();
  }
}
