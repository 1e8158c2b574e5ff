import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** So many successive ports, each free on every address of this machine; the first of them. */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = await claimed(0);
    try {
      for (let port = first + 1; port < first + count; port++) await claimed(port);
      return first;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** Listens on a port for a moment; 0 is any. @throws Error when it is taken */
async function claimed(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
