import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { client, configuration } from '../support/configuration.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';
import { SlowRequest } from '../support/slow-request.js';
import { certificateFile, keyFile } from '../support/tls.js';

const tls = { TLS_KEY_FILE: keyFile, TLS_CERT_FILE: certificateFile };

/** Settings of a server with the client `app`, and these. */
async function settings(more: Settings = {}): Promise<Settings> {
  return { ...(await fileSettings(configuration({ '/': { clients: [client()] } }))), ...more };
}

async function status(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { connection: 'close' } });
  await answer.text();
  return answer.status;
}

/** Whether a port of loopback accepts connections. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const accepted = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return accepted;
}

afterEach(() => ServerProcess.endAll());

it('is served on a port of its own, which the log names', async () => {
  const server = await ServerProcess.start(await settings());
  expect(server.adminPort).not.toBe(server.port);
  expect(await status(`${server.adminUrl}/healthz`)).toBe(200);
  expect(await status(`${server.adminUrl}/readyz`)).toBe(200);
  expect(await status(`${server.adminUrl}/metrics`)).toBe(200);
  expect(await status(`${server.adminUrl}/admin/v1/nodes`)).toBe(401);
  expect(await status(`${server.url}/metrics`)).toBe(404);
});

const warning = 'the operator’s listener is open beyond loopback without TLS';
const everywhere = { ADMIN_HOST: '0.0.0.0' };

it('is not served with ADMIN_PORT=off, of which nobody needs to be warned', async () => {
  const server = await ServerProcess.start(await settings({ ...everywhere, ADMIN_PORT: 'off' }));
  expect(server.adminPort).toBeUndefined();
  expect(await status(`${server.url}/readyz`)).toBe(200);
  expect(await status(`${server.url}/metrics`)).toBe(404);
  await server.kill('SIGTERM');
  expect(server.recordsOf(warning)).toEqual([]);
});

describe('a port that is taken', () => {
  let other: Server;
  beforeEach(async () => {
    other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => other.close());

  it('stops the start, which names it', async () => {
    const { port } = other.address() as AddressInfo;
    const server = ServerProcess.run(await settings({ ADMIN_PORT: String(port) }));
    expect(await server.ended).toEqual({ status: 1, signal: null });
    expect(server.stderr).toBe('symbolon: ADMIN_PORT, ADMIN_HOST: cannot listen there (EADDRINUSE)\n');
    expect(server.recordsOf('listening')).toEqual([]);
  });
});

it('speaks HTTPS with the key and the certificate of the public listener, and warns of nothing', async () => {
  const server = await ServerProcess.start(await settings({ ...everywhere, ...tls }));
  const ca = await readFile(certificateFile);
  const asking = get({ host: '127.0.0.1', port: server.adminPort, path: '/readyz', ca, agent: false });
  const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(200);
  await server.kill('SIGTERM');
  expect(server.recordsOf(warning)).toEqual([]);
});

describe('an address', () => {
  it.each<[string, Settings, number]>([
    ['beyond loopback is warned of without TLS', everywhere, 1],
    ['of loopback is not warned of', { ADMIN_HOST: '127.0.0.2' }, 0],
  ])('%s', async (_, more, warnings) => {
    const server = await ServerProcess.start(await settings(more));
    await server.kill('SIGTERM');
    expect(server.recordsOf(warning)).toHaveLength(warnings);
  });
});

it('stops first: while the public listener still answers what is under way, it refuses connections', async () => {
  const server = await ServerProcess.start(await settings());
  const request = await SlowRequest.begin(server);
  const ended = server.kill('SIGTERM');
  await server.refusing();
  expect(await accepts(server.adminPort)).toBe(false);
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(await ended).toEqual({ status: 0, signal: null });
});

it('stops before the public listener, which goes on until the operator’s requests are answered', async () => {
  const admin = client({ client_id: 'ops', scopes: ['admin:read'], default_scopes: [], administer: 'read' });
  const server = await ServerProcess.start(await fileSettings(configuration({ '/': { clients: [admin] } })));
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'ops',
    client_secret: 'app-secret',
    scope: 'admin:read',
  });
  const issued = await fetch(`${server.url}/oauth2/token`, { method: 'POST', body });
  const { access_token: token } = (await issued.json()) as { access_token: string };

  const explaining = connect(server.adminPort, '127.0.0.1');
  explaining.write(
    'POST /admin/v1/tokens/explain HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n' +
      `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n`,
  );
  expect(String(await once(explaining, 'data'))).toMatch(/^HTTP\/1\.1 100 /);
  const ended = server.kill('SIGTERM');
  await server.logged('stopping');
  while (await accepts(server.adminPort));
  expect(await accepts(server.port)).toBe(true);

  explaining.write('{"token":"x"}');
  expect(String(await once(explaining, 'data'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(await ended).toEqual({ status: 0, signal: null });
});
