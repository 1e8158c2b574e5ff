import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectByTls } from 'node:tls';
import { client, configuration } from '../support/configuration.js';
import { rawGet } from '../support/raw-requests.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';
import { certificateFile, keyFile } from '../support/tls.js';

const request = rawGet('/healthz');

afterEach(() => ServerProcess.endAll());

async function settings(): Promise<Settings> {
  return fileSettings(configuration({ '/': { clients: [client()] } }));
}

/** A connection, when it is open. */
type Open = (port: number) => Promise<Socket>;

const open: Open = async (port) => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

const openByTls: Open = async (port) => {
  const socket = connectByTls({ port, host: '127.0.0.1', ca: await readFile(certificateFile) });
  await once(socket, 'secureConnect');
  return socket;
};

/** Resolves when the server has closed the connection. */
function closed(socket: Socket): Promise<unknown> {
  socket.on('error', () => {}).resume();
  return once(socket, 'close');
}

describe.each([
  ['a server', {}, open],
  ['a server with TLS', { TLS_KEY_FILE: keyFile, TLS_CERT_FILE: certificateFile }, openByTls],
] as const)('the stop of %s', (_what, tls, connection) => {
  it.each(['port', 'adminPort'] as const)(
    'closes connections that wait for nothing before a request under way is over, at its %s',
    async (listener) => {
      const server = await ServerProcess.start({ ...(await settings()), ...tls });
      const port = server[listener];
      const silent = await open(port);
      const unused = await connection(port);
      const idle = await connection(port);
      idle.write(request);
      await once(idle, 'data');
      const busy = await connection(port);
      busy.write(request.slice(0, -2));
      // The server has read what was sent before.
      const another = await connection(port);
      another.write(request);
      await once(another, 'data');

      const ended = server.kill('SIGTERM');
      await Promise.all([silent, unused, idle, another].map(closed));
      busy.write(request.slice(-2));
      expect(await text(busy)).toMatch(/^HTTP\/1\.1 200 OK\r\n([^]*\r\n)?Connection: close\r\n/);
      expect(await ended).toEqual({ status: 0, signal: null });
      expect(server.stderr).toBe('');
    },
  );
});

describe('KEEP_ALIVE_TIMEOUT', () => {
  it('is how long a connection is kept after an answer, at both listeners', async () => {
    const server = await ServerProcess.start({ ...(await settings()), KEEP_ALIVE_TIMEOUT: '1' });
    for (const port of [server.port, server.adminPort]) {
      const idle = await open(port);
      idle.write(request);
      expect(await text(idle)).toMatch(/\r\nKeep-Alive: timeout=1\r\n/);
    }
  });

  it.each(['0', '-1', '3601', '1.5', 'off', '65s'])('of %j is refused at the start', async (value) => {
    const server = ServerProcess.run({ ...(await settings()), KEEP_ALIVE_TIMEOUT: value });
    expect(await server.ended).toEqual({ status: 1, signal: null });
    expect(server.stderr).toBe('symbolon: KEEP_ALIVE_TIMEOUT: not a whole number from 1 to 3600\n');
  });
});
