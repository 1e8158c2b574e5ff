import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { MigrationInterface } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { readConfig } from '../../src/config/config.js';
import { dataSourceOptions, openDataSource } from '../../src/storage/postgres/data-source.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { fileSettings, type LogRecord, ServerProcess, type Settings } from '../support/server-process.js';
import { answeredWhileStopping, SlowRequest, tokenRequest } from '../support/slow-request.js';
import { certificateFile, keyFile } from '../support/tls.js';

const stoppedCleanly = { status: 0, signal: null };
const refused = { status: 1, signal: null };

/** The process identifiers of the workers that have started so far. */
function pids(server: ServerProcess): number[] {
  return server.recordsOf('worker started').map(({ pid }) => pid as number);
}

/** A proxy to a database that accepts new connections until it has passed a COMMIT on. */
async function closingGate(target: string): Promise<{ url: string; close: () => void }> {
  const url = new URL(target);
  const { hostname: host, port } = url;
  const gate = createServer((client) => {
    const upstream = connect({ host, port: Number(port || 5432) });
    client.on('data', (data) => {
      upstream.write(data);
      if (data.includes('COMMIT')) gate.close();
    });
    upstream.on('data', (data) => client.write(data));
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
  });
  await once(gate.listen(0, '127.0.0.1'), 'listening');
  url.hostname = '127.0.0.1';
  url.port = String((gate.address() as AddressInfo).port);
  return { url: url.href, close: () => gate.close() };
}

/** The messages of the log, without those of requests. */
function messages(server: ServerProcess): unknown[] {
  return ownRecords(server)
    .map(({ msg }) => msg)
    .filter((msg) => msg !== 'request');
}

/** The log without the line of each worker that its change feed is connected: its place varies. */
function ownRecords({ records }: ServerProcess): readonly LogRecord[] {
  return records.filter(({ msg }) => msg !== 'change feed connected: cache in use');
}

class Later9000000000001 implements MigrationInterface {
  static readonly compatible = true;
  async up(): Promise<void> {}
  async down(): Promise<void> {}
}

const laterSchema = 'the schema is of a later version: upgrade this node, too';

/** Migrates a database as a later version does, with which this one can serve. */
async function upgradeBeyond({ settings }: TestDatabase): Promise<void> {
  const options = dataSourceOptions({ url: settings.DATABASE_URL }, 1);
  const dataSource = await openDataSource({ ...options, migrations: [...migrations, Later9000000000001] });
  await dataSource.destroy();
}

it('WORKERS=auto means one worker per core', () => {
  const { workers } = readConfig({ DATABASE_URL: 'postgres://localhost/db', WORKERS: 'auto' });
  expect(workers).toBe(availableParallelism());
});

(onServer ? describe : describe.skip)('workers', () => {
  let database: TestDatabase;
  let settings: Settings;

  beforeEach(async () => {
    database = await createDatabase();
    const file = await fileSettings(configuration({ '/': { clients: [client()] } }));
    settings = { ...file, ...database.settings, WORKERS: '2' };
  });

  afterEach(async () => {
    await ServerProcess.endAll();
    await database.drop();
  });

  /** The status of a request for a token, over a connection of its own. */
  async function tokenStatus({ url }: ServerProcess): Promise<number> {
    const answer = await fetch(`${url}/oauth2/token`, {
      method: 'POST',
      body: tokenRequest,
      headers: { connection: 'close' },
    });
    await answer.text();
    return answer.status;
  }

  /** The issuer in the metadata that a new connection gets, and how long that connection is kept. */
  async function issuerOf({ port }: ServerProcess): Promise<{ issuer: string; keepAlive: unknown }> {
    const path = '/.well-known/oauth-authorization-server';
    const agent = new Agent({ keepAlive: true });
    const asking = get({ host: '127.0.0.1', port, path, agent });
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    const { issuer } = (await json(response)) as { issuer: string };
    agent.destroy();
    return { issuer, keepAlive: response.headers['keep-alive'] };
  }

  /** Two requests in progress, one at each of two workers: connections go to the workers in turn. */
  async function slowRequests(server: ServerProcess): Promise<SlowRequest[]> {
    return [await SlowRequest.begin(server), await SlowRequest.begin(server)];
  }

  describe('start', () => {
    it('with the first one alone, then the others, and are announced when all accept requests', async () => {
      await upgradeBeyond(database);
      const server = await ServerProcess.start({ ...settings, WORKERS: '3', KEEP_ALIVE_TIMEOUT: '7' });
      expect(ownRecords(server)).toEqual([
        expect.objectContaining({ msg: 'configuration applied', skipped: false }),
        expect.objectContaining({ migrations: ['Later9000000000001'], msg: laterSchema }),
        ...[1, 2, 3].map(() => expect.objectContaining({ msg: 'worker started' }) as LogRecord),
        {
          level: 30,
          time: expect.any(String),
          msg: 'listening',
          host: '127.0.0.1',
          port: expect.any(Number),
          adminPort: expect.any(Number),
          tokenStore: 'database',
          workers: 3,
        },
      ]);
      expect(new Set(pids(server)).size).toBe(3);
      const statuses = await Promise.all(Array.from({ length: 9 }, () => tokenStatus(server)));
      expect(statuses).toEqual(Array(9).fill(200));
      const metadata = await Promise.all(Array.from({ length: 9 }, () => issuerOf(server)));
      expect(metadata).toEqual(Array(9).fill({ issuer: server.url, keepAlive: 'timeout=7' }));
      expect(server.stderr).toBe('');
    });

    it('fails with the message of the first worker', async () => {
      await writeFile(settings.CONFIG_FILE, 'realms:\n  - nam: /alpha\n');
      const server = ServerProcess.run(settings);
      expect(await server.ended).toEqual(refused);
      const file = settings.CONFIG_FILE;
      expect(server.stderr.split('\n')).toEqual([
        `symbolon: ${file}:2: realms[0].nam: unknown key`,
        `${file}:2: realms[0].name: is missing`,
        '',
      ]);
      expect(server.stdout).toBe('');
    });

    it('fails when the port is taken', async () => {
      const other = createServer();
      await once(other.listen(0, '127.0.0.1'), 'listening');
      const { port } = other.address() as AddressInfo;
      try {
        const server = ServerProcess.run({ ...settings, PORT: String(port) });
        expect(await server.ended).toEqual(refused);
        expect(server.stderr).toBe('symbolon: PORT, HOST: cannot listen there (EADDRINUSE)\n');
      } finally {
        other.close();
      }
    });

    it('fails when later workers fail, and says so once', async () => {
      const { url, close } = await closingGate(database.settings.DATABASE_URL);
      try {
        const server = ServerProcess.run({
          ...settings,
          DATABASE_URL: url,
          DATABASE_POOL: '1',
          WORKERS: '4',
        });
        expect(await server.ended).toEqual({ ...refused, status: 3 });
        expect(server.stderr).toBe(
          'symbolon: DATABASE_URL: the database cannot be reached (ECONNREFUSED): nothing listens at that host and port; start PostgreSQL, or correct them\n',
        );
        expect(pids(server)).toHaveLength(1);
        expect(server.recordsOf('listening')).toEqual([]);
      } finally {
        close();
      }
    });
  });

  describe('are replaced', () => {
    it('when one is killed, while the others go on', async () => {
      const server = await ServerProcess.start(settings);
      // A replacement does not read the configuration file.
      await writeFile(settings.CONFIG_FILE, 'broken');
      const [killed] = pids(server);
      const requests = await slowRequests(server);

      process.kill(killed, 'SIGKILL');
      const cut = await Promise.race(requests.map(async (slow) => (await slow.closed, slow)));
      expect(await server.logged('worker ended')).toMatchObject({
        level: 40,
        pid: killed,
        signal: 'SIGKILL',
      });
      expect(await tokenStatus(server)).toBe(200);
      const answers = requests.map((slow) => (slow === cut ? slow.closed : slow.finish()));

      await server.logged('worker started', 3);
      expect(new Set(pids(server)).size).toBe(3);
      expect(messages(server).slice(-2)).toEqual(['worker ended', 'worker started']);
      await server.kill('SIGTERM');
      expect((await Promise.all(answers)).sort()).toEqual([
        '',
        expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n[^]*\{"access_token":"sya_/),
      ]);
      expect(server.recordsOf('configuration applied')).toHaveLength(1);
      expect(server.stderr).toBe('');
    });

    it('when one alone gets a SIGTERM', async () => {
      const server = await ServerProcess.start(settings);
      const [stopped] = pids(server);
      process.kill(stopped, 'SIGTERM');
      expect(await server.logged('worker ended')).toMatchObject({ level: 40, pid: stopped, status: 0 });
      await server.logged('worker started', 3);
    });

    it('again and again, after growing pauses, until one starts', async () => {
      const folder = await temporaryFolder();
      const tls = { TLS_KEY_FILE: join(folder, 'key'), TLS_CERT_FILE: certificateFile };
      await copyFile(keyFile, tls.TLS_KEY_FILE);
      const server = await ServerProcess.start({ ...settings, ...tls });

      await writeFile(tls.TLS_KEY_FILE, 'broken');
      process.kill(pids(server)[0], 'SIGKILL');
      await server.logged('worker ended', 2);
      const failed = { status: 1, reason: expect.stringMatching(/^TLS_KEY_FILE: /) as string };
      expect(server.recordsOf('worker ended')).toMatchObject([
        { signal: 'SIGKILL', pauseMs: 1000 },
        { ...failed, pauseMs: 2000 },
      ]);
      const ca = await readFile(certificateFile);
      const asking = request({
        host: '127.0.0.1',
        port: server.port,
        path: '/readyz',
        ca,
        agent: false,
      }).end();
      const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
      response.resume();
      expect(response.statusCode).toBe(200);

      await copyFile(keyFile, tls.TLS_KEY_FILE);
      await server.logged('worker started', 3);
      expect(server.stderr).toBe('');
    });
  });

  describe('stop', () => {
    /** Expects answers to the requests in progress, and the stop to be logged once. */
    async function expectStopped(
      server: ServerProcess,
      signal: NodeJS.Signals,
      requests: SlowRequest[],
    ): Promise<void> {
      const answers = await Promise.all(requests.map((slow) => slow.finish()));
      expect(answers[0]).toMatch(answeredWhileStopping);
      expect(answers[1]).toMatch(answeredWhileStopping);
      await server.logged('stopped');
      expect(await server.logged('stopping')).toMatchObject({ signal });
      expect(messages(server).slice(-3)).toEqual(['listening', 'stopping', 'stopped']);
      expect(server.stderr).toBe('');
    }

    it('at SIGTERM, after the requests in progress are answered', async () => {
      const server = await ServerProcess.start(settings);
      const requests = await slowRequests(server);
      const ended = server.kill('SIGTERM');
      await server.refusing();
      await expectStopped(server, 'SIGTERM', requests);
      expect(await ended).toEqual(stoppedCleanly);
    });

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'in the same way when %s goes to every process, as terminals and service managers send it',
      async (signal) => {
        const server = await ServerProcess.start(settings);
        const requests = await slowRequests(server);
        for (const pid of pids(server)) process.kill(pid, signal);
        await server.refusing();
        const ended = server.kill(signal);
        await server.logged('stopping');
        await expectStopped(server, signal, requests);
        expect(await ended).toEqual(stoppedCleanly);
      },
    );

    it.each([
      ['the first one is about to take requests', 'configuration applied'],
      ['the others are starting', 'worker started'],
    ])('during the start, when %s', async (_, message) => {
      const server = ServerProcess.run(settings);
      await server.logged(message);
      const ended = server.kill('SIGINT');
      for (const pid of pids(server)) process.kill(pid, 'SIGINT');
      expect(await ended).toEqual(stoppedCleanly);
      // A worker that was starting may have finished its start meanwhile.
      expect(messages(server).filter((msg) => msg !== 'worker started')).toEqual([
        'configuration applied',
        'stopping',
        'stopped',
      ]);
      expect(server.stderr).toBe('');
    });

    it('and none of them is replaced', async () => {
      const server = await ServerProcess.start(settings);
      process.kill(pids(server)[0], 'SIGKILL');
      await server.logged('worker ended');
      expect(await server.kill('SIGTERM')).toEqual(stoppedCleanly);
      expect(messages(server).slice(-3)).toEqual(['worker ended', 'stopping', 'stopped']);
    });

    it('at once, when the signal comes again', async () => {
      const server = await ServerProcess.start(settings);
      const requests = await slowRequests(server);
      void server.kill('SIGTERM');
      await server.logged('stopping');
      expect(await server.kill('SIGTERM')).toEqual({ status: null, signal: 'SIGTERM' });
      expect(await Promise.all(requests.map(({ closed }) => closed))).toEqual(['', '']);
    });

    it('cleanly by themselves when the primary is killed', async () => {
      const server = await ServerProcess.start(settings);
      const requests = await slowRequests(server);
      // It resolves when no process holds the output any more, so both workers have ended, too.
      const ended = server.kill('SIGKILL');
      const answers = await Promise.all(requests.map((slow) => slow.finish()));
      expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answers[1]).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(await ended).toEqual({ status: null, signal: 'SIGKILL' });
    });
  });
});
