import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { appCredentials, client, configuration } from '../support/configuration.js';
import {
  dataFolder,
  demoDataFolder,
  fileSettings,
  ServerProcess,
  type Settings,
  shortLived,
} from '../support/server-process.js';
import { certificateFile, keyFile } from '../support/tls.js';

const oneClient = configuration({ '/': { clients: [client()] } });
const sampleCredentials = {
  client_id: 'SampleConfidentialApp',
  client_secret: '6808d4b6-ef09-4b0d-8f28-3b05da9c48ec',
};

/** Asks for a token by client credentials. */
function askToken({ url }: ServerProcess, form: Settings, path = '/oauth2/token'): Promise<Response> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form });
  return fetch(url + path, { method: 'POST', body });
}

async function token(server: ServerProcess, form: Settings = appCredentials): Promise<string> {
  const { access_token: value } = (await (await askToken(server, form)).json()) as { access_token: string };
  return value;
}

/** The status of ForgeRock's token information for a token. */
async function tokenInfoStatus({ url }: ServerProcess, value: string): Promise<number> {
  const response = await fetch(`${url}/oauth2/tokeninfo`, { headers: { authorization: `Bearer ${value}` } });
  await response.text();
  return response.status;
}

afterEach(() => ServerProcess.endAll());

describe('a start', () => {
  it('serves the demo, and prints commands to try', async () => {
    const server = await ServerProcess.start({ DATA_DIR: await demoDataFolder() });
    await server.printed('/introspect\n');
    expect(server.stdout).toContain(`Symbolon serves its demo at ${server.url} `);
    const commands = [...server.stdout.matchAll(/^ {4}(curl (?:.*\\\n)*.*)/gm)].map(([, command]) => command);
    let issued = { access_token: '', refresh_token: '' };
    const answers: unknown[] = [];
    for (const command of commands) {
      const { access_token: TOKEN, refresh_token: REFRESH_TOKEN } = issued;
      const env = { PATH: process.env.PATH, TOKEN, REFRESH_TOKEN };
      const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', `${command} --silent`], { env });
      const answer = JSON.parse(stdout) as typeof issued;
      if (command.includes('grant_type')) issued = answer;
      answers.push(answer);
    }
    const tokens = expect.objectContaining({ token_type: 'Bearer' });
    const info = expect.objectContaining({ grant_type: 'password' });
    const axwayInfo = expect.objectContaining({ audience: 'myClient' });
    expect(answers).toEqual([tokens, info, axwayInfo, tokens, {}, { active: false }]);
    expect(server.stderr).toBe('');
  });

  it('needs no Node whose require loads ECMAScript modules', async () => {
    const program = [process.execPath, ...shortLived, '--no-experimental-require-module', 'dist/src/main.js'];
    const launch = { program, folder: join(import.meta.dirname, '../..') };
    const server = await ServerProcess.start({ DATA_DIR: await demoDataFolder() }, launch);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(server.stderr).toBe('');
  });

  it('serves no demo in production', async () => {
    const settings = { DATA_DIR: await dataFolder(), NODE_ENV: 'production' };
    const server = await ServerProcess.start(settings);
    const asked = await Promise.all([
      askToken(server, { client_id: 'myClient', client_secret: 'forgerock' }),
      askToken(server, sampleCredentials),
      askToken(server, { client_id: 'myClient', client_secret: 'forgerock' }, '/oauth2/alpha/token'),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([401, 401, 404]);
    expect(server.stdout).toContain('no client is registered');
    expect(server.stdout).not.toContain('serves its demo');
  });

  it('applies a configuration file, and skips it when it starts again', async () => {
    const settings = await fileSettings(oneClient);
    const file = settings.CONFIG_FILE;
    const first = await ServerProcess.start(settings);
    expect(await first.logged('configuration applied')).toMatchObject({ file, skipped: false, added: 1 });
    const value = await token(first);
    await first.kill('SIGTERM');
    const second = await ServerProcess.start(settings);
    const { level, time, ...applied } = await second.logged('configuration applied');
    expect([level, typeof time]).toEqual([30, 'string']);
    expect(applied).toEqual({ file, skipped: true, msg: 'configuration applied' });
    expect(await tokenInfoStatus(second, value)).toBe(200);
  });

  it('keeps tokens in memory when told to, and warns that they end with the process', async () => {
    const settings = { ...(await fileSettings(oneClient)), TOKEN_STORE: 'memory' };
    const first = await ServerProcess.start(settings);
    const warning = await first.logged('tokens are kept in memory: they end with this process');
    expect(warning.level).toBe(40);
    const value = await token(first);
    expect(await tokenInfoStatus(first, value)).toBe(200);
    await first.kill('SIGTERM');
    expect(await tokenInfoStatus(await ServerProcess.start(settings), value)).toBe(401);
  });

  it('speaks HTTPS with a key and its certificate', async () => {
    const settings = {
      ...(await fileSettings(oneClient)),
      TLS_KEY_FILE: keyFile,
      TLS_CERT_FILE: certificateFile,
    };
    const { port } = await ServerProcess.start(settings);
    const ca = readFileSync(certificateFile);
    const asking = request({ host: '127.0.0.1', port, path: '/readyz', ca, agent: false }).end();
    const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});
