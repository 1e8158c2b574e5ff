import { RawConnection } from '../support/exchange.js';
import { type BothListeners, type ListenerName, startBothListeners } from '../support/listeners.js';
import { connected, type Listener, rawGet } from '../support/raw-requests.js';

let listeners: BothListeners;
beforeAll(async () => {
  listeners = await startBothListeners();
});
afterAll(() => listeners.app.stop());

const request = rawGet('/healthz');

/** Resolves when a listener has looked for requests that take too long: it has found one. */
async function watched(listener: Listener): Promise<void> {
  const slow = await RawConnection.open(listener);
  await slow.send(request.slice(0, -2));
  expect((await slow.answer()).status).toBe(408);
}

describe.each<ListenerName>(['public', 'operator'])('the %s listener', (name) => {
  let listener: Listener;
  /** The settings of its server. */
  let limits: Pick<Listener['server'], 'keepAliveTimeout' | 'headersTimeout' | 'requestTimeout'>;

  beforeEach(() => {
    listener = listeners[name];
    const { keepAliveTimeout, headersTimeout, requestTimeout } = listener.server;
    limits = { keepAliveTimeout, headersTimeout, requestTimeout };
  });
  afterEach(() => Object.assign(listener.server, limits));

  it('RFC 9112 §9.5 keeps a connection for 65 s, longer than gateways do, and says so', async () => {
    expect(limits).toEqual({ keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 });
    const connection = await RawConnection.open(listener);
    await connection.send(request + rawGet('/healthz', 'Connection: close'));
    expect(await connection.rest()).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n/);
  });

  it('RFC 9112 §9.5 counts no time for the headers of a request that has not begun', async () => {
    const used = await RawConnection.open(listener);
    await used.send(request);
    expect((await used.answer()).status).toBe(200);
    const unused = await RawConnection.open(listener);

    Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1 });
    await watched(listener);
    await watched(listener);
    Object.assign(listener.server, limits);
    for (const connection of [used, unused]) {
      await connection.send(request);
      expect((await connection.answer()).status).toBe(200);
      connection.close();
    }
  });

  it('RFC 9110 §15.5.9 answers 408 to the second request of a connection, too', async () => {
    const connection = await RawConnection.open(listener);
    await connection.send(request);
    expect((await connection.answer()).status).toBe(200);
    Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1 });
    await connection.send(request.slice(0, -2));
    expect((await connection.answer()).status).toBe(408);
    expect(await connection.rest()).toBe('');
  });

  it('RFC 9110 §15.5.9 answers 408 to the first request of a connection that was unused for long, too', async () => {
    const connection = await RawConnection.open(listener);
    Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1 });
    await watched(listener);
    await watched(listener);
    await connection.send(request.slice(0, -2));
    expect((await connection.answer()).status).toBe(408);
    expect(await connection.rest()).toBe('');
  });

  it('RFC 9112 §9.5 closes a connection that was never used without a word', async () => {
    Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1, keepAliveTimeout: 500 });
    const { client, closed } = await connected(listener);
    expect(await client.rest()).toBe('');
    await closed;
  });
});
