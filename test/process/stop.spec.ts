import { once } from 'node:events';
import { readFile, watch } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { client, configuration } from '../support/configuration.js';
import { fileSettings, ServerProcess, shortLived } from '../support/server-process.js';
import { answeredWhileStopping, SlowRequest, tokenRequest } from '../support/slow-request.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const stoppedCleanly = { status: 0, signal: null };

/** Settings of a server with the client `app`. */
function settings(): ReturnType<typeof fileSettings> {
  return fileSettings(configuration({ '/': { clients: [client()] } }));
}

/** An idle connection: its request is answered, and it stays open for the next one. */
async function idleConnection({ url }: ServerProcess): Promise<Socket> {
  const agent = new Agent({ keepAlive: true });
  const asking = get(`${url}/readyz`, { agent });
  const [response] = (await once(asking, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  expect(response.statusCode).toBe(200);
  response.resume();
  const [socket] = (await once(agent, 'free')) as [Socket];
  return socket;
}

afterEach(() => ServerProcess.endAll());

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('refuses new connections, answers the requests in progress, and ends with status 0', async () => {
    const server = await ServerProcess.start(await settings());
    const idle = await idleConnection(server);
    const request = await SlowRequest.begin(server);

    const ended = server.kill(signal);
    await Promise.all([once(idle, 'close'), server.refusing()]);
    const answers = await request.finish();

    expect(answers).toMatch(answeredWhileStopping);
    expect(answers).toMatch(/\r\nConnection: close\r\n[^]*\{"status":"unavailable"\}$/);
    expect(await ended).toEqual(stoppedCleanly);
    expect(server.records.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['listening', 'stopping', 'stopped']),
    );
    expect(await server.logged('stopping')).toMatchObject({ signal });
    expect(server.stderr).toBe('');
  });

  it('during the start takes effect when the start is over', async () => {
    const started = await settings();
    const claim = claimed(started.DATA_DIR);
    const server = ServerProcess.run(started);
    await claim;
    expect(await server.kill(signal)).toEqual(stoppedCleanly);
    expect(server.records.map(({ msg }) => msg)).toEqual([
      'configuration applied',
      'listening',
      'stopping',
      'stopped',
    ]);
  });
});

/** Resolves when a server claims this data folder, which is the first thing it does. */
async function claimed(folder: string): Promise<void> {
  for await (const { filename } of watch(join(folder, 'db'))) {
    if (filename?.startsWith('claim.')) return;
  }
}

describe('kill -9', () => {
  it('while tokens are issued loses none that a client has received', async () => {
    const everySetting = await settings();
    const server = await ServerProcess.start(everySetting);
    const handedOut: string[] = [];

    /** Requests one token after the other until the server is gone. At 100 tokens in all it kills the server. */
    async function collect(): Promise<void> {
      for (;;) {
        const answer = await fetch(`${server.url}/oauth2/token`, { method: 'POST', body: tokenRequest });
        handedOut.push(((await answer.json()) as { access_token: string }).access_token);
        if (handedOut.length === 100) void server.kill('SIGKILL');
      }
    }
    await Promise.allSettled(Array.from({ length: 8 }, collect));
    expect(await server.ended).toEqual({ status: null, signal: 'SIGKILL' });
    expect(handedOut.length).toBeGreaterThanOrEqual(100);

    const { url } = await ServerProcess.start(everySetting);
    const statuses: number[] = [];
    for (const token of handedOut) {
      const body = new URLSearchParams({ access_token: token });
      const answer = await fetch(`${url}/api/oauth/tokeninfo`, { method: 'POST', body });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual(handedOut.map(() => 200));
  });
});

describe('the first moments of a start', () => {
  /** Sends the process a signal as soon as it loads this module, the first one behind its entry. */
  function preload(module: string): string {
    const hook = `export const load = async (url, context, next) => {
      if (url.endsWith('${module}')) process.kill(process.pid, 'SIGTERM');
      return next(url, context);
    };`;
    return dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hook))});`);
  }

  function dataUrl(module: string): string {
    return `data:text/javascript,${encodeURIComponent(module)}`;
  }

  it.each([
    ['node', '/process/run.js', ['dist/src/main.js']],
    ['the command line', '/cli/program.js', ['dist/src/cli/main.js', 'serve']],
  ])('by %s listen for a signal, which ends the server when it has started', async (_, module, args) => {
    const program = [process.execPath, ...shortLived, `--import=${preload(module)}`, ...args];
    const server = ServerProcess.run(await settings(), { program, folder: repository });
    expect(await server.ended).toEqual(stoppedCleanly);
    expect(server.records.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['listening', 'stopped']));
  });
});

it('npm start hands its signal to the server', async () => {
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  // As npm runs it: by a shell, which gets the signal.
  const server = await ServerProcess.start(await settings(), {
    program: ['sh', '-c', scripts.start],
    folder: repository,
  });
  expect(await server.kill('SIGTERM')).toEqual(stoppedCleanly);
  expect(server.recordsOf('stopped')).toHaveLength(1);
});
