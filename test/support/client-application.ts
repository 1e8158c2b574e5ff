import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a client application has got. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly origin?: string;
  readonly referer?: string;
  readonly form: URLSearchParams;
}

/** What it answers: a page, or where it redirects to. */
export type ApplicationAnswer = { readonly html: string } | { readonly location: string };

/** A web application that users come back to. It is reached by every name of this machine. */
export class ClientApplication {
  readonly received: Received[] = [];
  private readonly waiting: ((request: Received) => void)[] = [];

  private constructor(private readonly server: Server) {}

  /** @param answer answers each request */
  static async start(answer: (request: Received) => ApplicationAnswer): Promise<ClientApplication> {
    const server = createServer();
    const application = new ClientApplication(server);
    server.on('request', (request, response) => {
      void (async () => {
        let body = '';
        for await (const chunk of request.setEncoding('utf8')) body += chunk;
        const { method = '', url = '/', headers } = request;
        const received: Received = {
          method,
          url: new URL(url, `http://${headers.host}`),
          origin: headers.origin,
          referer: headers.referer,
          form: new URLSearchParams(body),
        };
        const answered = answer(received);
        if ('html' in answered) {
          response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(answered.html);
        } else {
          response.writeHead(302, { Location: answered.location }).end();
        }
        if (received.url.pathname === '/favicon.ico') return;
        application.received.push(received);
        application.waiting.shift()?.(received);
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return application;
  }

  /** Its URL by one of the names of this machine. */
  at(host: '127.0.0.1' | 'localhost' | 'app.localhost', path = '/callback'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** The next request. */
  next(): Promise<Received> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
