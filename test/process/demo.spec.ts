import { temporaryFolder } from '../support/database.js';
import { demoDataFolder, ServerProcess, type Settings } from '../support/server-process.js';

afterAll(() => ServerProcess.endAll());

const empty = 'no client is registered: name a CONFIG_FILE, apply a file, or serve the demo by DEMO=on';
const loud = 'DEMO=on serves the demo beyond loopback: everybody knows its passwords and secrets';

function askForToken(server: ServerProcess): Promise<Response> {
  return fetch(`${server.url}/oauth2/realms/root/realms/alpha/access_token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa('myClient:forgerock')}` },
    body: new URLSearchParams({ grant_type: 'password', username: 'demo', password: 'Ch4ng31t' }),
  });
}

/** The status of a login at the operator's listener. */
async function logIn({ adminUrl }: ServerProcess, code: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ code });
  return (await fetch(`${adminUrl}/admin/v1/login`, { method: 'POST', headers, body })).status;
}

describe('DEMO', () => {
  it('on serves the demo beyond loopback and in production, and says so loudly', async () => {
    const server = await ServerProcess.start({
      DEMO: 'on',
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      ISSUER: 'http://127.0.0.1:8080',
      DATA_DIR: await demoDataFolder(),
    });
    expect((await askForToken(server)).status).toBe(200);
    expect(server.records.find(({ msg }) => msg === loud)).toMatchObject({ level: 40, host: '0.0.0.0' });
    expect(server.stdout).toContain('Symbolon serves its demo at http://127.0.0.1:8080 (');
    const [address, code] = /http\S+\/#code=([\w-]{43})\n/.exec(server.stdout) ?? [];
    expect(address).toBe(`${server.adminUrl}/#code=${code}\n`);
    expect(await logIn(server, code)).toBe(200);
    expect(await logIn(server, code)).toBe(400);
    expect((await server.kill('SIGTERM')).status).toBe(0);
  });

  it.each<[string, Settings, number]>([
    ['off serves none', { DEMO: 'off' }, 404],
    ['that is not set serves it on loopback', {}, 200],
    ['that is not set serves none in production', { NODE_ENV: 'production' }, 404],
  ])('%s, and a server without any client says so', async (_, settings, status) => {
    const dataDir = settings.DEMO || settings.NODE_ENV ? await temporaryFolder() : await demoDataFolder();
    const server = await ServerProcess.start({ DATA_DIR: dataDir, ...settings });
    expect((await askForToken(server)).status).toBe(status);
    const messages = server.records.map(({ msg }) => msg);
    expect(messages).not.toContain(loud);
    expect(messages.includes(empty)).toBe(status === 404);
  });
});
