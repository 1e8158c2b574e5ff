import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError } from './command-error.js';

/** What the browser sees when it has come back, be it with a code or with an error. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Back to the command line</title>
<p>You can close this window and go back to the command line.</p></html>`;

/** Receives the answer of an authorization request on this machine (RFC 8252 §7.3). */
export class CallbackListener {
  private constructor(
    private readonly server: Server,
    /** The redirect URI, with the port that it listens on. */
    readonly redirectUri: URL,
  ) {}

  /**
   * @param registered an `http` URI whose host is this machine; a free port is taken where it names none
   * @throws CommandError `usage` when it cannot be listened on
   */
  static async open(registered: URL): Promise<CallbackListener> {
    const server = createServer();
    server.listen(Number(registered.port), registered.hostname.replace(/^\[|\]$/g, ''));
    try {
      await once(server, 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CommandError(
        'usage',
        `--redirect-uri: it cannot be listened on (${code ?? 'unknown error'})`,
      );
    }
    const redirectUri = new URL(registered);
    redirectUri.port = String((server.address() as AddressInfo).port);
    return new CallbackListener(server, redirectUri);
  }

  /**
   * Waits for the answer.
   * @param state what the answer must hold; any other is not ours, and is refused
   * @throws CommandError `unreachable` when none has come in time
   */
  async answer(state: string, timeoutMs: number): Promise<URLSearchParams> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new CommandError(
        'unreachable',
        `nobody has signed in within ${timeoutMs / 60_000} minutes`,
      );
      timer = setTimeout(() => reject(error), timeoutMs);
    });
    const received = new Promise<URLSearchParams>((resolve) => {
      this.server.on('request', ({ method, url = '' }, response) => {
        const searchParams = method === 'GET' ? this.parametersOf(url) : undefined;
        if (searchParams?.get('state') !== state) return finish(response, 400, 'This is not expected.');
        finish(response, 200, page);
        response.once('close', () => resolve(searchParams));
      });
    });
    try {
      return await Promise.race([received, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The parameters of a request for the redirect URI; any program of this machine may ask for anything else. */
  private parametersOf(target: string): URLSearchParams | undefined {
    if (!URL.canParse(target, this.redirectUri.href)) return undefined;
    const { pathname, searchParams } = new URL(target, this.redirectUri);
    return pathname === this.redirectUri.pathname ? searchParams : undefined;
  }

  /** Stops listening, and ends every connection. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function finish(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': status === 200 ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
}
