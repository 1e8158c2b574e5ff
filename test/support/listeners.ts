import type { Server } from 'node:http';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration } from './admin.js';
import { TestApp } from './app.js';
import { type Answer, RawConnection } from './exchange.js';
import type { Listener } from './raw-requests.js';

/** An application with both of its listeners, to which a test sends bytes. */
export interface BothListeners {
  readonly app: TestApp;
  readonly public: Listener;
  readonly operator: Listener;
}

export type ListenerName = 'public' | 'operator';

/** Starts an application whose clients are those of `adminConfiguration`. */
export async function startBothListeners(
  settings: Readonly<Record<string, string>> = {},
): Promise<BothListeners> {
  const app = await TestApp.start({
    settings,
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
  });
  const admin = await app.admin();
  return {
    app,
    public: { url: app.url, server: app.server },
    operator: { url: admin.url, server: admin.nest.getHttpServer() as Server },
  };
}

/** What a listener says to faulty input, in its own form. */
export interface ToldFault {
  readonly status: number;
  readonly words: string;
}

/** Reads the answer to faulty input, whose form must be that of the listener. */
export function toldFault(name: ListenerName, { status, headers, body }: Answer): ToldFault {
  const { error, error_description, type, detail, ...rest } = JSON.parse(body) as Record<string, string>;
  expect(headers['cache-control']).toBe('no-store');
  if (name === 'public') {
    expect([headers['content-type'], error, type, detail]).toEqual([
      'application/json',
      'invalid_request',
      undefined,
      undefined,
    ]);
    return { status, words: error_description };
  }
  expect([headers['content-type'], headers['x-content-type-options']]).toEqual([
    'application/problem+json',
    'nosniff',
  ]);
  expect(rest).toMatchObject({ status });
  expect(type).toMatch(/^urn:symbolon:problem:[a-z-]+$/);
  return { status, words: detail };
}

/** Sends bytes, and returns everything that is received until the server closes the connection. */
export async function receivedFor({ url }: Listener, bytes: string): Promise<string> {
  const connection = await RawConnection.open({ url });
  await connection.send(Buffer.from(bytes, 'latin1'));
  return connection.rest();
}
