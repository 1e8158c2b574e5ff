import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on loopback whose answers a test decides. */
export class CannedServer {
  private constructor(private readonly server: Server) {}

  static async start(listener: RequestListener): Promise<CannedServer> {
    const server = createServer(listener);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new CannedServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((done) => this.server.close(done));
  }
}

/** The URL of a port on loopback where no server listens. */
export async function closedUrl(): Promise<string> {
  const server = await CannedServer.start(() => {});
  const { url } = server;
  await server.stop();
  return url;
}
