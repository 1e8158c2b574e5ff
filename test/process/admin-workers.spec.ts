import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, get as getByTls } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';
import { certificateFile, keyFile } from '../support/tls.js';

/**
 * A connection that a suspended worker holds would wait for ever, so this is when a test gives up, in milliseconds. A
 * scrape takes at most 300 ms until a worker is found that runs, and 1 s for the metrics of one that does not.
 */
const deadlineMs = 10_000;

/** The process identifiers of the workers that have started so far. */
function pids(server: ServerProcess): number[] {
  return server.recordsOf('worker started').map(({ pid }) => pid as number);
}

(onServer ? describe : describe.skip)('the operator’s listener of a server with workers', () => {
  let database: TestDatabase;
  let settings: Settings;

  beforeEach(async () => {
    database = await createDatabase();
    const file = await fileSettings(configuration({ '/': { clients: [client()] } }));
    settings = { ...file, ...database.settings, WORKERS: '3' };
  });

  afterEach(async () => {
    await ServerProcess.endAll();
    await database.drop();
  });

  /** The status of `/metrics`, over a connection of its own. It fails at the deadline. */
  async function scrape({ adminUrl }: ServerProcess): Promise<number> {
    const signal = AbortSignal.timeout(deadlineMs);
    const answer = await fetch(`${adminUrl}/metrics`, { headers: { connection: 'close' }, signal });
    expect(await answer.text()).toMatch(/^# /);
    return answer.status;
  }

  const times = <Value>(count: number, act: () => Promise<Value>) =>
    Promise.all(Array.from({ length: count }, act));

  it('is one port, whose connections every worker takes', async () => {
    const server = await ServerProcess.start(settings);
    expect(await times(30, () => scrape(server))).toEqual(Array(30).fill(200));
    const dashboards = await times(9, () => fetch(`${server.adminUrl}/`));
    expect(dashboards.map(({ status }) => status)).toEqual(Array(9).fill(200));
    expect(server.stderr).toBe('');
  });

  it('closes each connection after its answer, so that none is kept by a worker that is suspended', async () => {
    const server = await ServerProcess.start({ ...settings, WORKERS: '2' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const [suspended] = pids(server);
    for (let count = 0; count < 6; count += 1) {
      if (count === 2) process.kill(suspended, 'SIGSTOP');
      const asking = get(`${server.adminUrl}/healthz`, { agent, signal: AbortSignal.timeout(deadlineMs) });
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
      response.resume();
      await once(response, 'end');
    }
    process.kill(suspended, 'SIGCONT');
    agent.destroy();
  });

  it('speaks HTTPS', async () => {
    const server = await ServerProcess.start({
      ...settings,
      TLS_KEY_FILE: keyFile,
      TLS_CERT_FILE: certificateFile,
    });
    const agent = new TlsAgent({ keepAlive: true, ca: await readFile(certificateFile) });
    for (let count = 0; count < 4; count += 1) {
      const asking = getByTls({ host: '127.0.0.1', port: server.adminPort, path: '/readyz', agent });
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.resume();
      await once(response, 'end');
    }
    agent.destroy();
  });

  it('fails the start when its port is taken, with its name, and leaves no worker', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const server = ServerProcess.run({ ...settings, ADMIN_PORT: String(port) });
      expect(await server.ended).toEqual({ status: 1, signal: null });
      expect(server.stderr).toBe('symbolon: ADMIN_PORT, ADMIN_HOST: cannot listen there (EADDRINUSE)\n');
      expect(server.recordsOf('listening')).toEqual([]);
    } finally {
      other.close();
    }
  });

  it('is not there with ADMIN_PORT=off', async () => {
    const server = await ServerProcess.start({ ...settings, ADMIN_PORT: 'off' });
    expect(server.adminPort).toBeUndefined();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('answers while one worker is dead and another is suspended, and both come back', async () => {
    const server = await ServerProcess.start(settings);
    const [suspended, killed] = pids(server);
    process.kill(suspended, 'SIGSTOP');
    process.kill(killed, 'SIGKILL');
    try {
      for (let count = 0; count < 4; count += 1) expect(await scrape(server)).toBe(200);
      expect(await times(20, () => scrape(server))).toEqual(Array(20).fill(200));
    } finally {
      process.kill(suspended, 'SIGCONT');
    }
    await server.logged('worker started', 4);
    expect(await times(20, () => scrape(server))).toEqual(Array(20).fill(200));
    expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
    expect(server.stderr).toBe('');
  });

  it('gives connections to the worker that is left when all others are suspended', async () => {
    const server = await ServerProcess.start(settings);
    const suspended = pids(server).slice(1);
    for (const pid of suspended) process.kill(pid, 'SIGSTOP');
    try {
      expect(await times(10, () => scrape(server))).toEqual(Array(10).fill(200));
    } finally {
      for (const pid of suspended) process.kill(pid, 'SIGCONT');
    }
  });

  it('stops with the workers: a connection without a request is closed', async () => {
    const server = await ServerProcess.start(settings);
    const idle = connect(server.adminPort, '127.0.0.1');
    await once(idle, 'connect');
    await scrape(server);
    const closed = once(idle, 'close');
    expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
    await closed;
  });
});
