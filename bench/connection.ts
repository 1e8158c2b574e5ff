import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A recorded answer, which a reference server sends again. */
export interface RecordedAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, without those that Node writes by itself. */
  readonly headers: readonly string[];
  readonly body: string;
}

const writtenByNode = new Set(['date', 'connection', 'keep-alive']);

/** A kept-alive connection for one request after the other; it costs a fraction of Node's own client. */
export class Connection {
  private received = '';
  private resolve: (answer: string) => void = () => {};
  private reject: (error: Error) => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1').setNoDelay();
    socket.on('data', (text: string) => this.take(text));
    socket.on('error', (error) => this.reject(error));
    socket.on('close', () => this.reject(new Error('the server closed the connection')));
  }

  /** @param from the address that it comes from: any of 127.0.0.0/8 */
  static async open(port: number, from = '127.0.0.1'): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  static openAll(port: number, count: number, from?: string): Promise<Connection[]> {
    return Promise.all(Array.from({ length: count }, () => Connection.open(port, from)));
  }

  /** Sends a request, and returns the status of the answer. */
  async ask(request: string): Promise<number> {
    return statusOf(await this.answer(request));
  }

  /**
   * Sends a tokeninfo request for an active token, again while the database cannot be reached (503).
   * @throws Error when the token is refused
   */
  async insist(request: string): Promise<void> {
    const status = await this.ask(request);
    if (status === 503) return this.insist(request);
    if (status !== 200) throw new Error(`a live token was answered by ${status}`);
  }

  /** Sends a request, and returns the whole answer. */
  async record(request: string): Promise<RecordedAnswer> {
    const [head, body] = (await this.answer(request)).split('\r\n\r\n');
    const [statusLine, ...lines] = head.split('\r\n');
    const [, reason] = /^HTTP\/1\.1 \d{3} (.*)$/.exec(statusLine) ?? ['', ''];
    const headers = lines.map((line) => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 2),
    ]);
    const ours = headers.filter(([name]) => !writtenByNode.has(name.toLowerCase()));
    return { status: statusOf(statusLine), reason, headers: ours.flat(), body };
  }

  close(): void {
    this.socket.destroy();
  }

  /** Sends a request, and returns the answer as it came. */
  answer(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(request, 'latin1');
    });
  }

  private take(text: string): void {
    this.received += text;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /^content-length: (\d+)/im.exec(this.received)?.[1];
    if (length === undefined) return this.reject(new Error('the answer has no Content-Length'));
    if (this.received.length < head + 4 + Number(length)) return;
    const answer = this.received;
    this.received = '';
    this.resolve(answer);
  }
}

/** The status of an answer as it came. */
export function statusOf(answer: string): number {
  return Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
}
