import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { TestApp, type TestAppOptions } from './app.js';

/** An application whose address is known before it starts, so that it can be the issuer identifier. */
export class FixedAddressApp {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private app?: TestApp;

  private constructor() {
    this.server = createServer((socket) => this.pass(socket));
  }

  /** @param path of the issuer identifier, which is also the deployment prefix, such as `/idp` */
  static async open(path: string, options: TestAppOptions): Promise<FixedAddressApp> {
    const door = new FixedAddressApp();
    door.server.listen(0, '127.0.0.1');
    await once(door.server, 'listening');
    const settings = { ...options.settings, ISSUER: door.url + path, BASE_PREFIX: path };
    door.app = await TestApp.start({ ...options, settings });
    return door;
  }

  /** Its base URL, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    await this.app?.stop();
  }

  private pass(socket: Socket): void {
    const { port } = this.app?.server.address() as AddressInfo;
    const inner = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ]) {
      this.sockets.add(from);
      from.on('error', () => {});
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
