import { RawConnection } from '../support/exchange.js';
import { type BothListeners, startBothListeners } from '../support/listeners.js';
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

/** The settings of a listener's server. */
type Limits = Pick<Listener['server'], 'keepAliveTimeout' | 'headersTimeout' | 'requestTimeout'>;

/** Tests both listeners, at the same time: a server looks for slow requests once a second. */
function onBoth(test: (listener: Listener, limits: Limits) => Promise<void>): () => Promise<void> {
  return async () => {
    await Promise.all(
      (['public', 'operator'] as const).map(async (name) => {
        const listener = listeners[name];
        const { keepAliveTimeout, headersTimeout, requestTimeout } = listener.server;
        const limits = { keepAliveTimeout, headersTimeout, requestTimeout };
        try {
          await test(listener, limits);
        } finally {
          Object.assign(listener.server, limits);
        }
      }),
    );
  };
}

describe('each listener', () => {
  it(
    'RFC 9112 §9.5 keeps a connection for 65 s, longer than gateways do, and says so',
    onBoth(async (listener, limits) => {
      expect(limits).toEqual({ keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 });
      const connection = await RawConnection.open(listener);
      await connection.send(request + rawGet('/healthz', 'Connection: close'));
      expect(await connection.rest()).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n/);
    }),
  );

  it(
    'RFC 9112 §9.5 counts no time for the headers of a request that has not begun',
    onBoth(async (listener, limits) => {
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
    }),
  );

  it(
    'RFC 9110 §15.5.9 answers 408 to the second request of a connection, too',
    onBoth(async (listener) => {
      const connection = await RawConnection.open(listener);
      await connection.send(request);
      expect((await connection.answer()).status).toBe(200);
      Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1 });
      await connection.send(request.slice(0, -2));
      expect((await connection.answer()).status).toBe(408);
      expect(await connection.rest()).toBe('');
    }),
  );

  it(
    'RFC 9110 §15.5.9 answers 408 to the first request of a connection that was unused for long, too',
    onBoth(async (listener) => {
      const connection = await RawConnection.open(listener);
      Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1 });
      await watched(listener);
      await watched(listener);
      await connection.send(request.slice(0, -2));
      expect((await connection.answer()).status).toBe(408);
      expect(await connection.rest()).toBe('');
    }),
  );

  it(
    'RFC 9112 §9.5 closes a connection that was never used without a word',
    onBoth(async (listener) => {
      Object.assign(listener.server, { headersTimeout: 1, requestTimeout: 1, keepAliveTimeout: 500 });
      const { client, closed } = await connected(listener);
      expect(await client.rest()).toBe('');
      await closed;
    }),
  );
});
