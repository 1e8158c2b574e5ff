import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { RawConnection } from './exchange.js';
import { formType } from './token-endpoint.js';

/** A listener that a test can connect to. */
export interface Listener {
  readonly url: string;
  readonly server: Server;
}

/** The bytes of a GET. */
export function rawGet(path: string, ...lines: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n');
}

/** The bytes of a POST of a form. */
export function rawPost(path: string, form: string, ...lines: string[]): string {
  const head = [`POST ${path} HTTP/1.1`, 'Host: x', `Content-Type: ${formType}`, ...lines];
  return [...head, `Content-Length: ${form.length}`, '', form].join('\r\n');
}

/** Connects to a listener. `closed` resolves when the server has closed its own end. */
export async function connected({ url, server }: Listener): Promise<{
  readonly client: RawConnection;
  readonly closed: Promise<unknown>;
}> {
  const accepted = once(server, 'connection');
  const client = await RawConnection.open({ url });
  const [socket] = (await accepted) as [Socket];
  return { client, closed: new Promise((resolve) => socket.once('close', resolve)) };
}
