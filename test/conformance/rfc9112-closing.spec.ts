import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client as clientOf, configuration } from '../support/configuration.js';
import { askRaw } from '../support/exchange.js';
import { connected, rawGet, rawPost } from '../support/raw-requests.js';
import { formType, malformed, members } from '../support/token-endpoint.js';

const credentials = 'client_id=app&client_secret=app-secret';

let app: TestApp;
beforeAll(async () => {
  const users = [{ username: 'ann', password: 'ann-password' }];
  app = await TestApp.start({
    configuration: configuration({ '/': { clients: [clientOf()], users } }),
    hasher: new FastHasher(),
  });
});
afterAll(() => app.stop());

/** A request that uses up a refresh token of a new sign-in. */
async function refresh(): Promise<string> {
  const form = `grant_type=password&username=ann&password=ann-password&${credentials}`;
  const token = members(await askRaw(app, rawPost('/oauth2/token', form))).refresh_token;
  return rawPost('/oauth2/token', `grant_type=refresh_token&refresh_token=${token}&${credentials}`);
}

describe('RFC 9112 §9.3.2 answers keep their order', () => {
  it('when what follows a request is not HTTP', async () => {
    const { client, closed } = await connected(app);
    await client.send(`${await refresh()}garbage\r\n\r\n`);
    expect(members(await client.answer()).refresh_token).toMatch(/^syr_/);
    expect(await client.answer()).toEqual(malformed);
    expect(await client.rest()).toBe('');
    await closed;
  });
});

describe('RFC 9112 §9.6 a request behind one that ends its connection', () => {
  it.each([
    ['Connection: close', 'HTTP/1.1', 'Connection: close'],
    ['HTTP/1.0', 'HTTP/1.0', 'X: y'],
  ])('is not processed: %s', async (_what, version, line) => {
    const refreshing = await refresh();
    const { client, closed } = await connected(app);
    const first = `GET /readyz ${version}\r\nHost: x\r\n${line}\r\n\r\n`;
    await client.send(first + refreshing);
    expect((await client.answer()).status).toBe(200);
    expect(await client.rest()).toBe('');
    await closed;
    expect(members(await askRaw(app, refreshing)).refresh_token).toMatch(/^syr_/);
  });

  it('is not even refused', async () => {
    const { client } = await connected(app);
    await client.send(`${rawGet('/readyz', 'Connection: close')}garbage\r\n\r\n`);
    expect((await client.answer()).status).toBe(200);
    expect(await client.rest()).toBe('');
  });
});

describe('RFC 9112 §9.6 a connection is closed in stages', () => {
  it('so that a client that is still sending its body can read why it was refused', async () => {
    const body = 'x'.repeat(10_000_000);
    for (const type of ['application/json', formType]) {
      for (let count = 0; count < 5; count++) {
        const { client, closed } = await connected(app);
        const head = `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\n`;
        await client.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
        expect((await client.answer()).status).toBe(400);
        expect(await client.rest()).toBe('');
        await closed;
      }
    }
  });

  it('once: a request that was answered before its end is not answered again', async () => {
    const { client, closed } = await connected(app);
    const head = `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    await client.send(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`);
    expect((await client.answer()).status).toBe(400);
    await client.send('no chunk\r\n');
    expect(await client.rest()).toBe('');
    await closed;
  });
});
