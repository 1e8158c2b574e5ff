import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectByTls } from 'node:tls';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { rawGet, rawPost } from '../support/raw-requests.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';
import { tokenRequest } from '../support/slow-request.js';
import { certificateFile, keyFile } from '../support/tls.js';

const grant = rawPost('/oauth2/token', tokenRequest.toString());
const pipelined = grant + rawGet('/oauth2/tokeninfo?access_token=x') + grant;
const tls = { TLS_KEY_FILE: keyFile, TLS_CERT_FILE: certificateFile };

let settings: Settings;

/** Opens a connection to a port. Its client may go on reading after it has sent its last byte. */
type Open = (port: number) => Duplex;

const open: Open = (port) => connect({ port, host: '127.0.0.1', allowHalfOpen: true });

async function openByTls(): Promise<Open> {
  const options = { host: '127.0.0.1', ca: await readFile(certificateFile), allowHalfOpen: true };
  return (port) => connectByTls({ ...options, port });
}

/** Sends bytes, half-closes the connection, and returns the statuses of all answers when the server has closed it. */
async function statuses(socket: Duplex, bytes: string): Promise<number[]> {
  socket.end(bytes);
  const answers = await text(socket);
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Asks both listeners of a server. */
async function expectAnswers(server: ServerProcess, connection: Open): Promise<void> {
  for (let count = 0; count < 5; count += 1) {
    expect(await statuses(connection(server.port), grant)).toEqual([200]);
    expect(await statuses(connection(server.port), pipelined)).toEqual([200, 401, 200]);
    expect(await statuses(connection(server.adminPort), rawGet('/healthz'))).toEqual([200]);
    expect(await statuses(connection(server.adminPort), rawGet('/metrics'))).toEqual([200]);
  }
  expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
  expect(server.stderr).toBe('');
}

beforeEach(async () => {
  settings = await fileSettings(configuration({ '/': { clients: [client()] } }));
});
afterEach(() => ServerProcess.endAll());

describe('RFC 9112 §9.6 a client that half-closes its connection gets its answers', () => {
  it('from a single server', async () => {
    await expectAnswers(await ServerProcess.start(settings), open);
  });

  it('over TLS (RFC 8446 §6.1)', async () => {
    await expectAnswers(await ServerProcess.start({ ...settings, ...tls }), await openByTls());
  });
});

(onServer ? describe : describe.skip)('RFC 9112 §9.6 a client that half-closes gets its answers', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
    settings = { ...settings, ...database.settings, WORKERS: '2' };
  });
  afterEach(async () => {
    await ServerProcess.endAll();
    await database.drop();
  });

  it('from workers, to whom the primary hands the operator’s connections', async () => {
    await expectAnswers(await ServerProcess.start(settings), open);
  });

  it('from workers over TLS', async () => {
    await expectAnswers(await ServerProcess.start({ ...settings, ...tls }), await openByTls());
  });
});
