import { RawConnection } from '../support/exchange.js';
import {
  type BothListeners,
  type ListenerName,
  receivedFor,
  startBothListeners,
} from '../support/listeners.js';
import { rawGet, rawPost } from '../support/raw-requests.js';

let listeners: BothListeners;
beforeAll(async () => {
  listeners = await startBothListeners();
});
afterAll(() => listeners.app.stop());

const statusesIn = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe.each<ListenerName>(['public', 'operator'])('the %s listener', (name) => {
  const statuses = async (...lines: string[]) =>
    statusesIn(await receivedFor(listeners[name], rawGet('/healthz', ...lines, 'Connection: close')));

  it.each(['100-continue', '100-Continue', ' 100-continue '])(
    'RFC 9110 §10.1.1 answers 100 and then the final status to Expect: %j',
    async (expectation) => {
      expect(await statuses(`Expect: ${expectation}`)).toEqual([100, 200]);
    },
  );

  it.each(['200-ok', 'x', '100-continued', ''])(
    'RFC 9110 §10.1.1 ignores Expect: %j',
    async (expectation) => {
      expect(await statuses(`Expect: ${expectation}`)).toEqual([200]);
    },
  );

  it('RFC 9110 §10.1.1 ignores an expectation of HTTP/1.0', async () => {
    const old = rawGet('/healthz', 'Expect: 100-continue').replace('HTTP/1.1', 'HTTP/1.0');
    expect(statusesIn(await receivedFor(listeners[name], old))).toEqual([200]);
  });

  it('RFC 9110 §10.1.1 answers 400 at once to a request whose head is wrong', async () => {
    expect(await statuses('Expect: 100-continue', 'Host: y')).not.toContain(200);
  });

  it('RFC 9110 §7.8 ignores an Upgrade', async () => {
    for (const protocol of ['websocket', 'h2c', 'TLS/1.2']) {
      const lines = [`Upgrade: ${protocol}`, 'HTTP2-Settings: AAMAAABkAAQAAP__'];
      const bytes = rawGet('/healthz', ...lines, 'Connection: Upgrade, HTTP2-Settings, close');
      expect(statusesIn(await receivedFor(listeners[name], bytes))).toEqual([200]);
    }
  });
});

it('RFC 9110 §10.1.1 the body follows the 100', async () => {
  const form = 'grant_type=client_credentials&scope=other&client_id=write&client_secret=app-secret';
  const request = rawPost('/oauth2/token', form, 'Expect: 100-continue');
  const connection = await RawConnection.open(listeners.public);
  await connection.send(request.slice(0, -form.length));
  await connection.continued();
  await connection.send(form);
  expect((await connection.answer()).status).toBe(200);
  connection.close();
});
